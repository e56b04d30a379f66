package io.qscope.tck;

import static io.qscope.tck.Rows.EXPIRY;
import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AuthorizationRequest;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.AuthorizationRequestTable;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.ConsumeOutcome.AlreadyConsumed;
import io.qscope.store.ConsumeOutcome.Consumed;
import io.qscope.store.ConsumeOutcome.Expired;
import io.qscope.store.ConsumeOutcome.Revoked;
import io.qscope.store.ConsumeOutcome.Unknown;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What authorization requests promise. */
abstract class AuthorizationRequestContract extends ContractGroup {

    AuthorizationRequestContract(StorageContract kit) {
        super(kit);
    }

    @Test
    void aRequestIsReadByTheDigestOfItsHandle() {
        AuthorizationRequest request = rows().storedAuthorizationRequest();

        assertThat(await(requests().getByHandle(request.handle(), ray()))).contains(request);
        assertThat(await(requests().getByHandle(rows().digest(), ray()))).isEmpty();
    }

    @Test
    void aLookupComparesTheBytesOnly() {
        AuthorizationRequest request = rows().storedAuthorizationRequest();

        assertThat(await(requests().getByHandle(TokenDigest.of(request.handle().bytes(), "a-key"), ray())))
                .contains(request);
        assertThat(consume(TokenDigest.of(request.handle().bytes(), "a-key"), attempt(NOW)))
                .isInstanceOf(Consumed.class);
    }

    @Test
    void consumingMarksTheRow() {
        AuthorizationRequest request = rows().storedAuthorizationRequest();
        Attempt attempt = attempt(NOW.plusMillis(7));

        ConsumeOutcome<AuthorizationRequest> outcome = consume(request.handle(), attempt);

        AuthorizationRequest consumed = consumed(request, attempt);
        assertThat(outcome).isEqualTo(new Consumed<>(consumed));
        assertThat(outcome.won()).isTrue();
        assertThat(row(requests(), request.id())).isEqualTo(consumed);
    }

    @Test
    void aSecondConsumeIsAReplayAndChangesNothing() {
        AuthorizationRequest request = rows().storedAuthorizationRequest();
        Attempt first = attempt(NOW);
        consume(request.handle(), first);

        ConsumeOutcome<AuthorizationRequest> second = consume(request.handle(), attempt(NOW.plusMillis(1)));

        assertThat(second).isEqualTo(new AlreadyConsumed<>(consumed(request, first)));
        assertThat(second.won()).isFalse();
        assertThat(row(requests(), request.id())).isEqualTo(consumed(request, first));
    }

    @Test
    void aReplayStaysAReplayAfterExpiry() {
        AuthorizationRequest request = rows().storedAuthorizationRequest();
        consume(request.handle(), attempt(NOW));

        assertThat(consume(request.handle(), attempt(EXPIRY.plusSeconds(1)))).isInstanceOf(AlreadyConsumed.class);
    }

    @Test
    void anUnknownRequestIsUnknown() {
        assertThat(consume(rows().digest(), attempt(NOW))).isEqualTo(new Unknown<>());
    }

    @Test
    void aRequestIsGoodUntilTheMillisecondBeforeItsExpiry() {
        AuthorizationRequest request = rows().storedAuthorizationRequest();

        assertThat(consume(request.handle(), attempt(EXPIRY.minusMillis(1)))).isInstanceOf(Consumed.class);
    }

    @Test
    void aRequestIsExpiredAtItsExpiryAndStaysAsItWas() {
        AuthorizationRequest request = rows().storedAuthorizationRequest();

        assertThat(consume(request.handle(), attempt(EXPIRY))).isEqualTo(new Expired<>(request));
        assertThat(row(requests(), request.id())).isEqualTo(request);
    }

    @Test
    void aRequestOfARevokedFamilyIsRevokedBeforeAnythingElse() {
        AuthorizationRequest request = rows().storedAuthorizationRequest();
        AuthorizationRequest used = rows().storedAuthorizationRequest();
        consume(used.handle(), attempt(NOW));
        revokeRoot(request.authorizationId(), NOW.plusMillis(3));
        revokeRoot(used.authorizationId(), NOW.plusMillis(3));

        AuthorizationRequest dead =
                request.toBuilder().authorizationRevokedAt(NOW.plusMillis(3)).build();
        assertThat(consume(request.handle(), attempt(EXPIRY))).isEqualTo(new Revoked<>(dead));
        assertThat(consume(used.handle(), attempt(NOW))).isInstanceOf(Revoked.class);
        assertThat(row(requests(), request.id())).isEqualTo(dead);
    }

    @Test
    void repeatingTheWinningAttemptWinsAgainAndWritesNothing() {
        AuthorizationRequest request = rows().storedAuthorizationRequest();
        Attempt attempt = attempt(NOW);
        ConsumeOutcome<AuthorizationRequest> first = consume(request.handle(), attempt);

        assertThat(consume(request.handle(), attempt)).isEqualTo(first);
        assertThat(row(requests(), request.id())).isEqualTo(consumed(request, attempt));
    }

    @Test
    void aRepeatIsRecognisedAfterExpiryUpdateAndRevocation() {
        AuthorizationRequest request = rows().storedAuthorizationRequest();
        Attempt attempt = attempt(NOW);
        consume(request.handle(), attempt);
        await(requests()
                .update(
                        row(requests(), request.id()).toBuilder()
                                .updatedBy("somebody")
                                .build(),
                        ray()));
        revokeRoot(request.authorizationId(), NOW.plusMillis(3));

        ConsumeOutcome<AuthorizationRequest> repeat =
                consume(request.handle(), new Attempt(attempt.id(), EXPIRY.plusSeconds(9), attempt.by()));

        assertThat(repeat).isEqualTo(new Consumed<>(row(requests(), request.id())));
        assertThat(row(requests(), request.id()).version()).isEqualTo(3);
    }

    @Test
    void aLosingAttemptIsJudgedAfresh() {
        AuthorizationRequest request = rows().storedAuthorizationRequest();
        Attempt attempt = attempt(EXPIRY);
        assertThat(consume(request.handle(), attempt)).isInstanceOf(Expired.class);

        assertThat(consume(request.handle(), new Attempt(attempt.id(), NOW, attempt.by())))
                .isInstanceOf(Consumed.class);
    }

    @Test
    void aRequestImportedAsConsumedIsAReplay() {
        AuthorizationRequest request = rows().stored(
                        rows().authorizationRequest(rows().storedAuthorization()).toBuilder()
                                .consumedAt(NOW)
                                .build());

        assertThat(consume(request.handle(), attempt(NOW))).isEqualTo(new AlreadyConsumed<>(request));
    }

    private AuthorizationRequestTable requests() {
        return storage().authorizationRequests();
    }

    private ConsumeOutcome<AuthorizationRequest> consume(TokenDigest handle, Attempt attempt) {
        return await(requests().consume(handle, attempt, ray()));
    }

    private void revokeRoot(String id, Instant at) {
        await(storage().authorizations().revoke(id, attempt(at), ray()));
    }

    private static AuthorizationRequest consumed(AuthorizationRequest request, Attempt by) {
        return request.toBuilder()
                .version(request.version() + 1)
                .consumedAt(by.at())
                .updatedAt(by.at())
                .updatedBy(by.by())
                .build();
    }
}
