package io.qscope.tck;

import static io.qscope.tck.Rows.EXPIRY;
import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.IdToken;
import io.qscope.model.OAuthClient;
import io.qscope.model.RefreshToken;
import io.qscope.store.Attempt;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Grace;
import io.qscope.store.Guarantee;
import io.qscope.store.InvalidRowException;
import io.qscope.store.RevokeCount;
import io.qscope.store.RotateOutcome;
import io.qscope.store.UnitOfWork;
import io.qscope.store.UnitOutcome;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A unit whose answer was lost may be sent again. */
abstract class UnitRepeatContract extends ContractGroup {

    UnitRepeatContract(StorageContract kit) {
        super(kit);
    }

    @BeforeEach
    void unitsAreClaimed() {
        claims(Guarantee.UNIT_OF_WORK);
    }

    @Test
    void aRepeatIsAnsweredAsCommittedAndNothingIsWrittenAgain() {
        Response response = new Response();
        UnitOutcome first = await(response.unit().commit(ray()));

        assertThat(await(response.unit().commit(ray()))).isEqualTo(first);
        assertThat(row(storage().authorizationCodes(), response.code.id()).version())
                .isEqualTo(2);
        assertThat(row(storage().accessTokens(), response.access.id()).version())
                .isEqualTo(1);
    }

    @Test
    void aRepeatIsRecognisedAfterLaterChangesAndShowsTheRowsAsStored() {
        Response response = new Response();
        await(response.unit().commit(ray()));
        await(storage()
                .accessTokens()
                .update(
                        row(storage().accessTokens(), response.access.id()).toBuilder()
                                .updatedBy("somebody")
                                .build(),
                        ray()));
        await(storage().authorizations().revoke(response.code.authorizationId(), attempt(NOW), ray()));

        assertThat(await(response.unit(EXPIRY.plusSeconds(1)).commit(ray())))
                .isEqualTo(new UnitOutcome.Committed(List.of(
                        new ConsumeOutcome.Consumed<>(row(storage().authorizationCodes(), response.code.id())))));
    }

    @Test
    void aRepeatWithOtherRowsIsRefusedAndWritesNothing() {
        Response response = new Response();
        await(response.unit().commit(ray()));
        AccessToken another = rows().accessToken(response.root);
        AccessToken altered = response.access.toBuilder().expiresAt(NOW).build();

        for (AccessToken other : List.of(another, altered)) {
            UnitOfWork repeat = storage()
                    .unitOfWork(response.attempt)
                    .consume(response.code.code())
                    .insert(other)
                    .insert(response.entry);
            failure(InvalidRowException.class, repeat::commit);
        }

        assertThat(await(storage().accessTokens().getById(another.id(), ray()))).isEmpty();
        assertThat(row(storage().accessTokens(), altered.id()))
                .isEqualTo(response.access.toBuilder().version(1).build());
    }

    @Test
    void aRepeatWhoseRowWasDeletedIsRefusedAndStaysUnwritten() {
        Response response = new Response();
        await(response.unit().commit(ray()));
        await(storage().accessTokens().deleteById(response.access.id(), ray()));

        failure(InvalidRowException.class, ray -> response.unit().commit(ray));

        assertThat(await(storage().accessTokens().getById(response.access.id(), ray())))
                .isEmpty();
    }

    @Test
    void anotherAttemptOfTheSameUnitIsRefusedAsAReplay() {
        Response response = new Response();
        await(response.unit().commit(ray()));

        UnitOutcome outcome = await(storage()
                .unitOfWork(attempt(NOW))
                .consume(response.code.code())
                .insert(rows().accessToken(response.root))
                .commit(ray()));

        assertThat(outcome)
                .isEqualTo(new UnitOutcome.Refused(
                        0,
                        new ConsumeOutcome.AlreadyConsumed<>(row(storage().authorizationCodes(), response.code.id()))));
    }

    @Test
    void aRotationInAUnitIsRepeatable() {
        RefreshToken token = rows().storedRefreshToken();
        RefreshToken successor = rows().successorOf(token);
        AuditLog entry = rows().auditLog();
        Attempt attempt = attempt(NOW);
        UnitOutcome first = await(storage()
                .unitOfWork(attempt)
                .rotate(token.token(), successor, Grace.NONE)
                .insert(entry)
                .commit(ray()));

        UnitOutcome repeat = await(storage()
                .unitOfWork(attempt)
                .rotate(token.token(), successor, Grace.NONE)
                .insert(entry)
                .commit(ray()));

        assertThat(repeat).isEqualTo(first);
        assertThat(first)
                .isEqualTo(new UnitOutcome.Committed(List.of(new RotateOutcome.Rotated(
                        row(storage().refreshTokens(), token.id()),
                        row(storage().refreshTokens(), successor.id())))));
    }

    @Test
    void anAnswerToARequestIsRepeatable() {
        AuthorizationRequest request = rows().storedAuthorizationRequest();
        IdToken token = rows().idToken(row(storage().authorizations(), request.authorizationId()));
        Attempt attempt = attempt(NOW);

        UnitOutcome first = await(storage()
                .unitOfWork(attempt)
                .consumeAuthorizationRequest(request.handle())
                .insert(token)
                .commit(ray()));
        UnitOutcome repeat = await(storage()
                .unitOfWork(attempt)
                .consumeAuthorizationRequest(request.handle())
                .insert(token)
                .commit(ray()));

        assertThat(repeat).isEqualTo(first);
        assertThat(first.committed()).isTrue();
        assertThat(row(storage().authorizationRequests(), request.id()).version())
                .isEqualTo(2);
        assertThat(row(storage().idTokens(), token.id()).version()).isEqualTo(1);
    }

    @Test
    void aRepeatsBulkRevocationsReportNothing() {
        AuthorizationCode code = rows().storedCode();
        Authorization other = rows().storedAuthorization();
        Attempt attempt = attempt(NOW);
        await(storage()
                .unitOfWork(attempt)
                .revokeByClient(other.clientId())
                .consume(code.code())
                .commit(ray()));

        UnitOutcome repeat = await(storage()
                .unitOfWork(attempt)
                .revokeByClient(other.clientId())
                .consume(code.code())
                .commit(ray()));

        assertThat(repeat)
                .isEqualTo(new UnitOutcome.Committed(List.of(
                        new RevokeCount(0, 0, 0),
                        new ConsumeOutcome.Consumed<>(row(storage().authorizationCodes(), code.id())))));
    }

    @Test
    void freshAndRepeatedGuardsDoNotMix() {
        AuthorizationCode used = rows().storedCode();
        AuthorizationCode fresh = rows().storedCode();
        Attempt attempt = attempt(NOW);
        await(storage().unitOfWork(attempt).consume(used.code()).commit(ray()));

        failure(
                InvalidRowException.class,
                ray -> storage()
                        .unitOfWork(attempt)
                        .consume(used.code())
                        .consume(fresh.code())
                        .commit(ray));

        assertThat(row(storage().authorizationCodes(), fresh.id())).isEqualTo(fresh);
    }

    @Test
    void aUnitWithoutAGuardIsNotRepeatable() {
        OAuthClient client = rows().client();
        Attempt attempt = attempt(NOW);
        await(storage().unitOfWork(attempt).insert(client).commit(ray()));

        failure(
                DuplicateRowException.class,
                ray -> storage().unitOfWork(attempt).insert(client).commit(ray));
    }

    /** A token response, which its maker can send as often as it likes. */
    private final class Response {

        private final AuthorizationCode code = rows().storedCode();
        private final Authorization root = row(storage().authorizations(), code.authorizationId());
        private final AccessToken access = rows().accessToken(root);
        private final AuditLog entry = rows().auditLog();
        private final Attempt attempt = attempt(NOW);

        UnitOfWork unit() {
            return unit(NOW);
        }

        UnitOfWork unit(Instant at) {
            return storage()
                    .unitOfWork(new Attempt(attempt.id(), at, attempt.by()))
                    .consume(code.code())
                    .insert(access)
                    .insert(entry);
        }
    }
}
