package io.qscope.tck;

import static io.qscope.tck.Rows.EXPIRY;
import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AuthorizationCode;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.AuthorizationCodeTable;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.ConsumeOutcome.AlreadyConsumed;
import io.qscope.store.ConsumeOutcome.Consumed;
import io.qscope.store.ConsumeOutcome.Expired;
import io.qscope.store.ConsumeOutcome.Revoked;
import io.qscope.store.ConsumeOutcome.Unknown;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What authorization codes promise. */
abstract class AuthorizationCodeContract extends ContractGroup {

    AuthorizationCodeContract(StorageContract kit) {
        super(kit);
    }

    @Test
    void aCodeIsReadByItsDigest() {
        AuthorizationCode code = rows().storedCode();

        assertThat(await(codes().getByCode(code.code(), ray()))).contains(code);
        assertThat(await(codes().getByCode(rows().digest(), ray()))).isEmpty();
    }

    @Test
    void aLookupComparesTheBytesOnly() {
        AuthorizationCode code = rows().storedCode();

        assertThat(await(codes().getByCode(TokenDigest.of(code.code().bytes(), "a-key"), ray())))
                .contains(code);
        assertThat(consume(TokenDigest.of(code.code().bytes(), "a-key"), attempt(NOW)))
                .isInstanceOf(Consumed.class);
    }

    @Test
    void aCodeIsDeletedByItsDigestAndDeletingAgainSucceeds() {
        AuthorizationCode code = rows().storedCode();
        AuthorizationCode other = rows().storedCode();

        await(codes().deleteByCode(code.code(), ray()));
        await(codes().deleteByCode(code.code(), ray()));

        assertThat(await(codes().getById(code.id(), ray()))).isEmpty();
        assertThat(row(codes(), other.id())).isEqualTo(other);
    }

    @Test
    void consumingMarksTheRow() {
        AuthorizationCode code = rows().storedCode();
        Attempt attempt = attempt(NOW.plusMillis(7));

        ConsumeOutcome<AuthorizationCode> outcome = consume(code.code(), attempt);

        AuthorizationCode consumed = consumed(code, attempt);
        assertThat(outcome).isEqualTo(new Consumed<>(consumed));
        assertThat(outcome.won()).isTrue();
        assertThat(row(codes(), code.id())).isEqualTo(consumed);
    }

    @Test
    void aSecondConsumeIsAReplayAndChangesNothing() {
        AuthorizationCode code = rows().storedCode();
        Attempt first = attempt(NOW);
        consume(code.code(), first);

        ConsumeOutcome<AuthorizationCode> second = consume(code.code(), attempt(NOW.plusMillis(1)));

        assertThat(second).isEqualTo(new AlreadyConsumed<>(consumed(code, first)));
        assertThat(second.won()).isFalse();
        assertThat(row(codes(), code.id())).isEqualTo(consumed(code, first));
    }

    @Test
    void aReplayStaysAReplayAfterExpiry() {
        AuthorizationCode code = rows().storedCode();
        consume(code.code(), attempt(NOW));

        assertThat(consume(code.code(), attempt(EXPIRY.plusSeconds(1)))).isInstanceOf(AlreadyConsumed.class);
    }

    @Test
    void anUnknownCodeIsUnknown() {
        assertThat(consume(rows().digest(), attempt(NOW))).isEqualTo(new Unknown<>());
    }

    @Test
    void aCodeIsGoodUntilTheMillisecondBeforeItsExpiry() {
        AuthorizationCode code = rows().storedCode();

        assertThat(consume(code.code(), attempt(EXPIRY.minusMillis(1)))).isInstanceOf(Consumed.class);
    }

    @Test
    void aCodeIsExpiredAtItsExpiryAndStaysAsItWas() {
        AuthorizationCode code = rows().storedCode();

        assertThat(consume(code.code(), attempt(EXPIRY))).isEqualTo(new Expired<>(code));
        assertThat(row(codes(), code.id())).isEqualTo(code);
    }

    @Test
    void aCodeOfARevokedFamilyIsRevokedBeforeAnythingElse() {
        AuthorizationCode code = rows().storedCode();
        AuthorizationCode used = rows().storedCode();
        consume(used.code(), attempt(NOW));
        revokeRoot(code.authorizationId(), NOW.plusMillis(3));
        revokeRoot(used.authorizationId(), NOW.plusMillis(3));

        AuthorizationCode dead =
                code.toBuilder().authorizationRevokedAt(NOW.plusMillis(3)).build();
        assertThat(consume(code.code(), attempt(EXPIRY))).isEqualTo(new Revoked<>(dead));
        assertThat(consume(used.code(), attempt(NOW))).isInstanceOf(Revoked.class);
        assertThat(row(codes(), code.id())).isEqualTo(dead);
    }

    @Test
    void repeatingTheWinningAttemptWinsAgainAndWritesNothing() {
        AuthorizationCode code = rows().storedCode();
        Attempt attempt = attempt(NOW);
        ConsumeOutcome<AuthorizationCode> first = consume(code.code(), attempt);

        assertThat(consume(code.code(), attempt)).isEqualTo(first);
        assertThat(row(codes(), code.id())).isEqualTo(consumed(code, attempt));
    }

    @Test
    void aRepeatIsRecognisedAfterExpiryUpdateAndRevocation() {
        AuthorizationCode code = rows().storedCode();
        Attempt attempt = attempt(NOW);
        consume(code.code(), attempt);
        await(codes().update(
                        row(codes(), code.id()).toBuilder()
                                .updatedBy("somebody")
                                .build(),
                        ray()));
        revokeRoot(code.authorizationId(), NOW.plusMillis(3));

        ConsumeOutcome<AuthorizationCode> repeat =
                consume(code.code(), new Attempt(attempt.id(), EXPIRY.plusSeconds(9), attempt.by()));

        assertThat(repeat).isEqualTo(new Consumed<>(row(codes(), code.id())));
        assertThat(row(codes(), code.id()).version()).isEqualTo(3);
    }

    @Test
    void aLosingAttemptIsJudgedAfresh() {
        AuthorizationCode code = rows().storedCode();
        Attempt attempt = attempt(EXPIRY);
        assertThat(consume(code.code(), attempt)).isInstanceOf(Expired.class);

        assertThat(consume(code.code(), new Attempt(attempt.id(), NOW, attempt.by())))
                .isInstanceOf(Consumed.class);
    }

    @Test
    void aCodeImportedAsConsumedIsAReplay() {
        AuthorizationCode code = rows().stored(rows().code(rows().storedAuthorization()).toBuilder()
                .consumedAt(NOW)
                .build());

        assertThat(consume(code.code(), attempt(NOW))).isEqualTo(new AlreadyConsumed<>(code));
    }

    private AuthorizationCodeTable codes() {
        return storage().authorizationCodes();
    }

    private ConsumeOutcome<AuthorizationCode> consume(TokenDigest code, Attempt attempt) {
        return await(codes().consume(code, attempt, ray()));
    }

    private void revokeRoot(String id, Instant at) {
        await(storage().authorizations().revoke(id, attempt(at), ray()));
    }

    private static AuthorizationCode consumed(AuthorizationCode code, Attempt by) {
        return code.toBuilder()
                .version(code.version() + 1)
                .consumedAt(by.at())
                .updatedAt(by.at())
                .updatedBy(by.by())
                .build();
    }
}
