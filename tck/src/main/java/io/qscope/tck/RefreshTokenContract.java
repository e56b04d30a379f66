package io.qscope.tck;

import static io.qscope.tck.Rows.EXPIRY;
import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.Authorization;
import io.qscope.model.RefreshToken;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Grace;
import io.qscope.store.InvalidRowException;
import io.qscope.store.RefreshTokenTable;
import io.qscope.store.RotateOutcome;
import io.qscope.store.RotateOutcome.AlreadyRotated;
import io.qscope.store.RotateOutcome.Expired;
import io.qscope.store.RotateOutcome.Revoked;
import io.qscope.store.RotateOutcome.Rotated;
import io.qscope.store.RotateOutcome.Unknown;
import org.junit.jupiter.api.Test;

/** What refresh tokens and their rotation promise. */
abstract class RefreshTokenContract extends ContractGroup {

    RefreshTokenContract(StorageContract kit) {
        super(kit);
    }

    @Test
    void aTokenIsReadByItsDigestWhateverTheKeyIsCalled() {
        RefreshToken token = rows().storedRefreshToken();

        assertThat(await(tokens().getByToken(token.token(), ray()))).contains(token);
        assertThat(await(tokens().getByToken(TokenDigest.of(token.token().bytes(), "a-key"), ray())))
                .contains(token);
        assertThat(await(tokens().getByToken(rows().digest(), ray()))).isEmpty();
    }

    @Test
    void rotatingMarksTheTokenAndStoresTheSuccessor() {
        RefreshToken token = rows().storedRefreshToken();
        RefreshToken successor = rows().successorOf(token);
        Attempt attempt = attempt(NOW.plusMillis(7));

        RotateOutcome outcome = rotate(token, successor, attempt);

        RefreshToken previous = rotated(token, attempt);
        RefreshToken next = successor.toBuilder().version(1).build();
        assertThat(outcome).isEqualTo(new Rotated(previous, next));
        assertThat(outcome.won()).isTrue();
        assertThat(row(tokens(), token.id())).isEqualTo(previous);
        assertThat(row(tokens(), next.id())).isEqualTo(next);
    }

    @Test
    void aSecondRotationIsAReplayAndStoresNoSuccessor() {
        RefreshToken token = rows().storedRefreshToken();
        Attempt first = attempt(NOW);
        rotate(token, rows().successorOf(token), first);
        RefreshToken second = rows().successorOf(token);

        RotateOutcome outcome = rotate(token, second, attempt(NOW));

        assertThat(outcome).isEqualTo(new AlreadyRotated(rotated(token, first)));
        assertThat(row(tokens(), token.id())).isEqualTo(rotated(token, first));
        absent(second);
    }

    @Test
    void aReplayStaysAReplayAfterExpiry() {
        RefreshToken token = rows().storedRefreshToken();
        rotate(token, rows().successorOf(token), attempt(NOW));

        assertThat(rotate(token, rows().successorOf(token), attempt(EXPIRY.plusSeconds(1))))
                .isInstanceOf(AlreadyRotated.class);
    }

    @Test
    void aSuccessorRotatesInItsTurn() {
        RefreshToken token = rows().storedRefreshToken();
        for (int turn = 0; turn < 5; turn++) {
            RefreshToken successor = rows().successorOf(token);
            assertThat(rotate(token, successor, attempt(NOW.plusMillis(turn)))).isInstanceOf(Rotated.class);
            token = row(tokens(), successor.id());
        }
    }

    @Test
    void anUnknownTokenIsUnknownAndStoresNoSuccessor() {
        RefreshToken token = rows().refreshToken(rows().storedAuthorization());
        RefreshToken successor = rows().successorOf(token);

        assertThat(rotate(token, successor, attempt(NOW))).isEqualTo(new Unknown());
        absent(successor);
    }

    @Test
    void aTokenIsGoodUntilTheMillisecondBeforeItsExpiry() {
        RefreshToken token = rows().storedRefreshToken();

        assertThat(rotate(token, rows().successorOf(token), attempt(EXPIRY.minusMillis(1))))
                .isInstanceOf(Rotated.class);
    }

    @Test
    void aTokenIsExpiredAtItsExpiryAndStoresNoSuccessor() {
        RefreshToken token = rows().storedRefreshToken();
        RefreshToken successor = rows().successorOf(token);

        assertThat(rotate(token, successor, attempt(EXPIRY))).isEqualTo(new Expired(token));
        assertThat(row(tokens(), token.id())).isEqualTo(token);
        absent(successor);
    }

    @Test
    void aTokenWithoutExpiryNeverExpires() {
        RefreshToken token = rows().stored(rows().refreshToken(rows().storedAuthorization()).toBuilder()
                .expiresAt(null)
                .build());

        assertThat(rotate(token, rows().successorOf(token), attempt(EXPIRY.plusSeconds(1_000_000_000))))
                .isInstanceOf(Rotated.class);
    }

    @Test
    void aRevokedTokenIsRevokedEvenWhenExpired() {
        RefreshToken token = rows().storedRefreshToken();
        await(tokens().revoke(token.token(), attempt(NOW), ray()));
        RefreshToken successor = rows().successorOf(token);

        assertThat(rotate(token, successor, attempt(EXPIRY))).isEqualTo(new Revoked(row(tokens(), token.id())));
        absent(successor);
    }

    @Test
    void aTokenOfARevokedFamilyIsRevokedEvenWhenRotated() {
        RefreshToken token = rows().storedRefreshToken();
        RefreshToken first = rows().successorOf(token);
        rotate(token, first, attempt(NOW));
        await(storage().authorizations().revoke(token.authorizationId(), attempt(NOW), ray()));
        RefreshToken second = rows().successorOf(token);
        RefreshToken third = rows().successorOf(first);

        assertThat(rotate(token, second, attempt(NOW))).isInstanceOf(Revoked.class);
        assertThat(rotate(first, third, attempt(NOW))).isInstanceOf(Revoked.class);
        absent(second);
        absent(third);
    }

    @Test
    void aSuccessorOfAnotherFamilyIsRefusedAndNothingIsRotated() {
        RefreshToken token = rows().storedRefreshToken();
        RefreshToken fit = rows().successorOf(token);
        Authorization other = rows().storedAuthorization();
        refused(token, fit.toBuilder().predecessorId(null).build());
        refused(token, fit.toBuilder().predecessorId(rows().id()).build());
        refused(token, fit.toBuilder().authorizationId(other.id()).build());
        refused(token, fit.toBuilder().clientId(other.clientId()).build());

        assertThat(row(tokens(), token.id())).isEqualTo(token);
        absent(fit);
    }

    @Test
    void aSuccessorWhoseKeyIsTakenIsRefusedAndNothingIsRotated() {
        RefreshToken token = rows().storedRefreshToken();
        RefreshToken taken = rows().storedRefreshToken();
        RefreshToken sameId =
                rows().successorOf(token).toBuilder().id(taken.id()).build();
        RefreshToken sameDigest =
                rows().successorOf(token).toBuilder().token(taken.token()).build();

        assertThat(failure(
                                DuplicateRowException.class,
                                ray -> tokens().rotate(token.token(), sameId, Grace.NONE, attempt(NOW), ray))
                        .key())
                .isEqualTo("id");
        assertThat(failure(
                                DuplicateRowException.class,
                                ray -> tokens().rotate(token.token(), sameDigest, Grace.NONE, attempt(NOW), ray))
                        .key())
                .isEqualTo("token");
        assertThat(row(tokens(), token.id())).isEqualTo(token);
        assertThat(await(tokens().getById(sameDigest.id(), ray()))).isEmpty();
    }

    @Test
    void repeatingTheWinningAttemptWinsAgainAndWritesNothing() {
        RefreshToken token = rows().storedRefreshToken();
        RefreshToken successor = rows().successorOf(token);
        Attempt attempt = attempt(NOW);
        RotateOutcome first = rotate(token, successor, attempt);

        assertThat(rotate(token, successor, attempt)).isEqualTo(first);
        assertThat(row(tokens(), token.id())).isEqualTo(rotated(token, attempt));
        assertThat(row(tokens(), successor.id()).version()).isEqualTo(1);
    }

    @Test
    void aRepeatIsRecognisedAfterExpiryUpdateRotationAndRevocation() {
        RefreshToken token = rows().storedRefreshToken();
        RefreshToken successor = rows().successorOf(token);
        Attempt attempt = attempt(NOW);
        rotate(token, successor, attempt);
        await(tokens().update(
                        row(tokens(), token.id()).toBuilder()
                                .updatedBy("somebody")
                                .build(),
                        ray()));
        rotate(successor, rows().successorOf(successor), attempt(NOW));
        await(tokens().revoke(token.token(), attempt(NOW), ray()));
        await(storage().authorizations().revoke(token.authorizationId(), attempt(NOW), ray()));

        RotateOutcome repeat = rotate(token, successor, new Attempt(attempt.id(), EXPIRY.plusSeconds(1), "tck"));

        assertThat(repeat).isEqualTo(new Rotated(row(tokens(), token.id()), row(tokens(), successor.id())));
        assertThat(row(tokens(), token.id()).version()).isEqualTo(4);
    }

    @Test
    void aRepeatWithAnotherSuccessorIsRefusedAndStoresNothing() {
        RefreshToken token = rows().storedRefreshToken();
        Attempt attempt = attempt(NOW);
        RefreshToken successor = rows().successorOf(token);
        rotate(token, successor, attempt);
        RefreshToken another = rows().successorOf(token);
        RefreshToken altered = successor.toBuilder().userId("somebody else").build();

        failure(InvalidRowException.class, ray -> tokens().rotate(token.token(), another, Grace.NONE, attempt, ray));
        failure(InvalidRowException.class, ray -> tokens().rotate(token.token(), altered, Grace.NONE, attempt, ray));

        absent(another);
        assertThat(row(tokens(), token.id())).isEqualTo(rotated(token, attempt));
    }

    @Test
    void aLosingAttemptIsJudgedAfresh() {
        RefreshToken token = rows().storedRefreshToken();
        Attempt attempt = attempt(EXPIRY);
        assertThat(rotate(token, rows().successorOf(token), attempt)).isInstanceOf(Expired.class);

        assertThat(rotate(token, rows().successorOf(token), new Attempt(attempt.id(), NOW, "tck")))
                .isInstanceOf(Rotated.class);
    }

    @Test
    void aTokenImportedAsRotatedIsAReplay() {
        RefreshToken token = rows().stored(rows().refreshToken(rows().storedAuthorization()).toBuilder()
                .rotatedAt(NOW)
                .build());

        assertThat(rotate(token, rows().successorOf(token), attempt(NOW))).isEqualTo(new AlreadyRotated(token));
    }

    private RefreshTokenTable tokens() {
        return storage().refreshTokens();
    }

    private RotateOutcome rotate(RefreshToken token, RefreshToken successor, Attempt attempt) {
        return await(tokens().rotate(token.token(), successor, Grace.NONE, attempt, ray()));
    }

    private void refused(RefreshToken token, RefreshToken successor) {
        failure(
                InvalidRowException.class,
                ray -> tokens().rotate(token.token(), successor, Grace.NONE, attempt(NOW), ray));
    }

    private void absent(RefreshToken token) {
        assertThat(await(tokens().getByToken(token.token(), ray()))).isEmpty();
        assertThat(await(tokens().getById(token.id(), ray()))).isEmpty();
    }

    private static RefreshToken rotated(RefreshToken token, Attempt by) {
        return token.toBuilder()
                .version(token.version() + 1)
                .rotatedAt(by.at())
                .updatedAt(by.at())
                .updatedBy(by.by())
                .build();
    }
}
