package io.qscope.tck;

import static io.qscope.tck.Rows.EXPIRY;
import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.RefreshToken;
import io.qscope.store.Attempt;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Grace;
import io.qscope.store.RefreshTokenTable;
import io.qscope.store.RotateOutcome;
import io.qscope.store.RotateOutcome.AlreadyRotated;
import io.qscope.store.RotateOutcome.Expired;
import io.qscope.store.RotateOutcome.Revoked;
import io.qscope.store.RotateOutcome.Rotated;
import io.qscope.store.RotateOutcome.RotatedAgain;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How far a rotated refresh token may be rotated again. */
abstract class GraceContract extends ContractGroup {

    private static final Grace GRACE = new Grace(Duration.ofSeconds(10), 2);
    private static final Instant END = NOW.plusSeconds(10);

    GraceContract(StorageContract kit) {
        super(kit);
    }

    @Test
    void aUseWithinTheGraceYieldsASibling() {
        RefreshToken token = rotatedToken();
        RefreshToken sibling = rows().successorOf(token);
        Attempt attempt = attempt(NOW.plusMillis(1));

        RotateOutcome outcome = rotate(token, sibling, GRACE, attempt);

        RefreshToken previous = token.toBuilder()
                .version(token.version() + 1)
                .graceUses(1)
                .updatedAt(attempt.at())
                .updatedBy(attempt.by())
                .build();
        assertThat(outcome)
                .isEqualTo(new RotatedAgain(
                        previous, sibling.toBuilder().version(1).build()));
        assertThat(outcome.won()).isTrue();
        assertThat(row(tokens(), token.id())).isEqualTo(previous);
        assertThat(row(tokens(), sibling.id()))
                .isEqualTo(sibling.toBuilder().version(1).build());
    }

    @Test
    void theWindowsLastMillisecondIsWithin() {
        RefreshToken token = rotatedToken();

        assertThat(rotate(token, rows().successorOf(token), GRACE, attempt(END)))
                .isInstanceOf(RotatedAgain.class);
    }

    @Test
    void theMillisecondAfterTheWindowIsBeyond() {
        RefreshToken token = rotatedToken();
        RefreshToken sibling = rows().successorOf(token);

        assertThat(rotate(token, sibling, GRACE, attempt(END.plusMillis(1)))).isEqualTo(new AlreadyRotated(token));
        assertThat(await(tokens().getById(sibling.id(), ray()))).isEmpty();
    }

    @Test
    void aWindowOfZeroHoldsForTheMomentOfTheRotation() {
        RefreshToken token = rotatedToken();
        Grace moment = new Grace(Duration.ZERO, 1);

        assertThat(rotate(token, rows().successorOf(token), moment, attempt(NOW.plusMillis(1))))
                .isInstanceOf(AlreadyRotated.class);
        assertThat(rotate(token, rows().successorOf(token), moment, attempt(NOW)))
                .isInstanceOf(RotatedAgain.class);
    }

    @Test
    void theWindowCountsFromTheFirstRotation() {
        RefreshToken token = rotatedToken();
        rotate(token, rows().successorOf(token), GRACE, attempt(END));

        assertThat(row(tokens(), token.id()).rotatedAt()).isEqualTo(NOW);
        assertThat(rotate(token, rows().successorOf(token), GRACE, attempt(END.plusMillis(1))))
                .isInstanceOf(AlreadyRotated.class);
    }

    @Test
    void theGraceHasSoManyUses() {
        RefreshToken token = rotatedToken();

        assertThat(rotate(token, rows().successorOf(token), GRACE, attempt(NOW)))
                .isInstanceOf(RotatedAgain.class);
        assertThat(rotate(token, rows().successorOf(token), GRACE, attempt(NOW)))
                .isInstanceOf(RotatedAgain.class);
        assertThat(rotate(token, rows().successorOf(token), GRACE, attempt(NOW)))
                .isInstanceOf(AlreadyRotated.class);
        assertThat(row(tokens(), token.id()).graceUses()).isEqualTo(2);
    }

    @Test
    void noUsesIsNoGrace() {
        RefreshToken token = rotatedToken();

        assertThat(rotate(token, rows().successorOf(token), new Grace(Duration.ofSeconds(10), 0), attempt(NOW)))
                .isInstanceOf(AlreadyRotated.class);
    }

    @Test
    void theGraceEndsWhenASuccessorIsRotated() {
        RefreshToken token = rows().storedRefreshToken();
        RefreshToken first = rows().successorOf(token);
        rotate(token, first, GRACE, attempt(NOW));
        rotate(token, rows().successorOf(token), GRACE, attempt(NOW));
        rotate(first, rows().successorOf(first), GRACE, attempt(NOW));

        assertThat(rotate(token, rows().successorOf(token), GRACE, attempt(NOW)))
                .isInstanceOf(AlreadyRotated.class);
    }

    @Test
    void theGraceEndsWhenASiblingIsRotated() {
        RefreshToken token = rotatedToken();
        RefreshToken sibling = rows().successorOf(token);
        rotate(token, sibling, GRACE, attempt(NOW));
        rotate(sibling, rows().successorOf(sibling), GRACE, attempt(NOW));

        assertThat(rotate(token, rows().successorOf(token), GRACE, attempt(NOW)))
                .isInstanceOf(AlreadyRotated.class);
    }

    @Test
    void anExpiredTokenIsExpiredEvenInGrace() {
        RefreshToken token = rows().storedRefreshToken();
        rotate(token, rows().successorOf(token), GRACE, attempt(EXPIRY.minusMillis(1)));
        RefreshToken sibling = rows().successorOf(token);

        assertThat(rotate(token, sibling, GRACE, attempt(EXPIRY))).isInstanceOf(Expired.class);
        assertThat(await(tokens().getById(sibling.id(), ray()))).isEmpty();
    }

    @Test
    void anExpiredTokenBeyondItsGraceIsAReplay() {
        RefreshToken token = rotatedToken();

        assertThat(rotate(token, rows().successorOf(token), GRACE, attempt(EXPIRY)))
                .isInstanceOf(AlreadyRotated.class);
    }

    @Test
    void aRevokedTokenIsRevokedEvenInGrace() {
        RefreshToken token = rotatedToken();
        await(tokens().revoke(token.token(), attempt(NOW), ray()));

        assertThat(rotate(token, rows().successorOf(token), GRACE, attempt(NOW)))
                .isInstanceOf(Revoked.class);
    }

    @Test
    void repeatingAGraceUseIsAnsweredAgainAndCountsOnce() {
        RefreshToken token = rotatedToken();
        RefreshToken sibling = rows().successorOf(token);
        Attempt attempt = attempt(NOW);
        RotateOutcome first = rotate(token, sibling, GRACE, attempt);

        assertThat(rotate(token, sibling, GRACE, attempt)).isEqualTo(first);
        assertThat(row(tokens(), token.id()).graceUses()).isEqualTo(1);
    }

    @Test
    void eachAttemptsRepeatIsRecognisedAmongSiblings() {
        RefreshToken token = rows().storedRefreshToken();
        RefreshToken one = rows().successorOf(token);
        RefreshToken two = rows().successorOf(token);
        RefreshToken three = rows().successorOf(token);
        Attempt first = attempt(NOW);
        Attempt second = attempt(NOW);
        Attempt third = attempt(NOW);
        rotate(token, one, GRACE, first);
        rotate(token, two, GRACE, second);
        rotate(token, three, GRACE, third);

        RefreshToken stored = row(tokens(), token.id());
        assertThat(rotate(token, one, Grace.NONE, first)).isEqualTo(new Rotated(stored, row(tokens(), one.id())));
        assertThat(rotate(token, two, Grace.NONE, second)).isEqualTo(new RotatedAgain(stored, row(tokens(), two.id())));
        assertThat(rotate(token, three, Grace.NONE, third))
                .isEqualTo(new RotatedAgain(stored, row(tokens(), three.id())));
        assertThat(row(tokens(), token.id())).isEqualTo(stored);
    }

    @Test
    void aSiblingWhoseKeyIsTakenIsRefusedAndCountsNothing() {
        RefreshToken token = rotatedToken();
        RefreshToken taken = rows().storedRefreshToken();
        RefreshToken sibling =
                rows().successorOf(token).toBuilder().token(taken.token()).build();

        failure(DuplicateRowException.class, ray -> tokens().rotate(token.token(), sibling, GRACE, attempt(NOW), ray));

        assertThat(row(tokens(), token.id())).isEqualTo(token);
    }

    /** A token that was rotated at {@link Rows#NOW}, as stored. */
    private RefreshToken rotatedToken() {
        RefreshToken token = rows().storedRefreshToken();
        rotate(token, rows().successorOf(token), Grace.NONE, attempt(NOW));
        return row(tokens(), token.id());
    }

    private RefreshTokenTable tokens() {
        return storage().refreshTokens();
    }

    private RotateOutcome rotate(RefreshToken token, RefreshToken successor, Grace grace, Attempt attempt) {
        return await(tokens().rotate(token.token(), successor, grace, attempt, ray()));
    }
}
