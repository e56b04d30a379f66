package io.qscope.tck;

import static io.qscope.tck.Rows.EXPIRY;
import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.DeviceCode;
import io.qscope.model.DeviceCodeState;
import io.qscope.model.OAuthClient;
import io.qscope.model.RefreshToken;
import io.qscope.store.Attempt;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.DecisionOutcome;
import io.qscope.store.Grace;
import io.qscope.store.Guarantee;
import io.qscope.store.Outcome;
import io.qscope.store.PollOutcome;
import io.qscope.store.RevokeCount;
import io.qscope.store.RevokeOutcome;
import io.qscope.store.RotateOutcome;
import io.qscope.store.TableName;
import io.qscope.store.UnitOfWork;
import io.qscope.store.UnitOutcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a unit of work does when it commits. */
abstract class UnitOfWorkContract extends ContractGroup {

    UnitOfWorkContract(StorageContract kit) {
        super(kit);
    }

    @BeforeEach
    void unitsAreClaimed() {
        claims(Guarantee.UNIT_OF_WORK);
    }

    @Test
    void aWholeTokenResponseIsOneUnit() {
        AuthorizationCode code = rows().storedCode();
        Authorization root = row(storage().authorizations(), code.authorizationId());
        AccessToken access = rows().accessToken(root);
        RefreshToken refresh = rows().refreshToken(root);
        AuditLog entry = rows().auditLog();

        UnitOutcome outcome = commit(
                unit().consume(code.code()).insert(access).insert(refresh).insert(entry));

        AuthorizationCode consumed = row(storage().authorizationCodes(), code.id());
        assertThat(consumed.consumedAt()).isEqualTo(NOW);
        assertThat(consumed.updatedBy()).isEqualTo(BY);
        assertThat(outcome.committed()).isTrue();
        assertThat(outcome).isEqualTo(new UnitOutcome.Committed(List.of(new ConsumeOutcome.Consumed<>(consumed))));
        assertThat(row(storage().accessTokens(), access.id()))
                .isEqualTo(access.toBuilder().version(1).build());
        assertThat(row(storage().refreshTokens(), refresh.id()))
                .isEqualTo(refresh.toBuilder().version(1).build());
        assertThat(await(storage().auditLog().getById(entry.id(), ray()))).isPresent();
    }

    @Test
    void nothingIsWrittenBeforeTheCommit() {
        OAuthClient client = rows().client();
        AuthorizationCode code = rows().storedCode();
        unit().consume(code.code()).insert(client);

        assertThat(await(storage().clients().getById(client.id(), ray()))).isEmpty();
        assertThat(row(storage().authorizationCodes(), code.id())).isEqualTo(code);
    }

    @Test
    void aPartMayReferToRowsThatTheUnitInsertsBeforeIt() {
        OAuthClient client = rows().client();
        Authorization root = rows().authorization(client);
        AuthorizationCode code = rows().code(root);
        AccessToken token = rows().accessToken(root);

        assertThat(commit(unit().insert(client).insert(root).insert(code).insert(token)))
                .isEqualTo(new UnitOutcome.Committed(List.of()));

        assertThat(row(storage().authorizationCodes(), code.id()))
                .isEqualTo(code.toBuilder().version(1).build());
        assertThat(row(storage().accessTokens(), token.id()))
                .isEqualTo(token.toBuilder().version(1).build());
    }

    @Test
    void updatesAndDeletionsArePartsToo() {
        OAuthClient client = rows().storedClient();
        OAuthClient deleted = rows().storedClient();
        AuthorizationCode code = rows().storedCode();
        AccessToken token = rows().storedAccessToken();
        OAuthClient changed = client.toBuilder().isEnabled(false).build();

        commit(unit().update(changed)
                .deleteById(TableName.CLIENTS, deleted.id())
                .deleteByCode(code.code())
                .deleteByToken(token.token())
                .deleteById(TableName.REFRESH_TOKENS, rows().id()));

        assertThat(row(storage().clients(), client.id()))
                .isEqualTo(changed.toBuilder().version(2).build());
        assertThat(await(storage().clients().getById(deleted.id(), ray()))).isEmpty();
        assertThat(await(storage().authorizationCodes().getById(code.id(), ray())))
                .isEmpty();
        assertThat(await(storage().accessTokens().getById(token.id(), ray()))).isEmpty();
    }

    @Test
    void anApprovalWritesItsRootAndAnUpdateMayFollowIt() {
        DeviceCode device = rows().storedDeviceCode();
        Authorization root = row(storage().authorizations(), device.authorizationId());
        Authorization behind = root.toBuilder()
                .version(root.version() + 1)
                .userId("the user")
                .attributes(Map.of("agreed", "to all"))
                .build();

        UnitOutcome outcome =
                commit(unit().approve(device.userCode(), "the user").update(behind));

        assertThat(outcome.committed()).isTrue();
        Authorization found = row(storage().authorizations(), root.id());
        assertThat(found.userId()).isEqualTo("the user");
        assertThat(found.attributes()).isEqualTo(behind.attributes());
        assertThat(found.version()).isEqualTo(root.version() + 2);
    }

    @Test
    void outcomesComeInTheOrderInWhichTheirPartsWereAdded() {
        AccessToken access = rows().storedAccessToken();
        RefreshToken refresh = rows().storedRefreshToken();
        RefreshToken rotated = rows().storedRefreshToken();
        DeviceCode approved = rows().storedDeviceCode();
        DeviceCode denied = rows().storedDeviceCode();
        DeviceCode polled = rows().storedDeviceCode();
        DeviceCode redeemed = rows().stored(rows().deviceCode(rows().storedAuthorization()).toBuilder()
                .state(DeviceCodeState.APPROVED)
                .build());

        AuthorizationRequest request = rows().storedAuthorizationRequest();

        UnitOutcome outcome = commit(unit().revokeAccessToken(access.token())
                .poll(polled.deviceCode())
                .rotate(rotated.token(), rows().successorOf(rotated), Grace.NONE)
                .insert(rows().auditLog())
                .approve(approved.userCode(), "the user")
                .revokeRefreshToken(refresh.token())
                .deny(denied.userCode())
                .consumeDeviceCode(redeemed.deviceCode())
                .consumeAuthorizationRequest(request.handle())
                .revokeByUser(rows().user()));

        assertThat(outcome).isInstanceOf(UnitOutcome.Committed.class);
        assertThat(((UnitOutcome.Committed) outcome).outcomes().stream().map(Outcome::getClass))
                .containsExactly(
                        RevokeOutcome.Revoked.class,
                        PollOutcome.Pending.class,
                        RotateOutcome.Rotated.class,
                        DecisionOutcome.Decided.class,
                        RevokeOutcome.Revoked.class,
                        DecisionOutcome.Decided.class,
                        ConsumeOutcome.Consumed.class,
                        ConsumeOutcome.Consumed.class,
                        RevokeCount.class);
        assertThat(row(storage().deviceCodes(), approved.id()).userId()).isEqualTo("the user");
        assertThat(row(storage().authorizations(), approved.authorizationId()).userId())
                .isEqualTo("the user");
        assertThat(row(storage().refreshTokens(), rotated.id()).rotatedAt()).isEqualTo(NOW);
        assertThat(row(storage().deviceCodes(), denied.id()).state()).isEqualTo(DeviceCodeState.DENIED);
    }

    @Test
    void bulkRevocationsArePartsToo() {
        Authorization byClient = rows().storedAuthorization();
        Authorization byUser = rows().storedAuthorization();
        Authorization root = rows().storedAuthorization();
        AccessToken access = rows().storedAccessToken();
        RefreshToken refresh = rows().storedRefreshToken();

        UnitOutcome outcome = commit(unit().revokeByClient(byClient.clientId())
                .revokeByUser(String.valueOf(byUser.userId()))
                .revokeAuthorization(root.id())
                .revokeOldestAccessTokens(access.clientId(), access.userId(), 0)
                .revokeOldestRefreshTokens(refresh.clientId(), refresh.userId(), 0));

        assertThat(outcome)
                .isEqualTo(new UnitOutcome.Committed(List.of(
                        new RevokeCount(1, 0, 0),
                        new RevokeCount(1, 0, 0),
                        new RevokeOutcome.Revoked<>(row(storage().authorizations(), root.id())),
                        new RevokeCount(0, 1, 0),
                        new RevokeCount(0, 0, 1))));
        assertThat(row(storage().authorizations(), byClient.id()).isLive()).isFalse();
        assertThat(row(storage().accessTokens(), access.id()).revokedAt()).isEqualTo(NOW);
    }

    @Test
    void aRevocationOrPollThatFindsNothingToDoIsNoGuard() {
        AccessToken token = rows().stored(rows().accessToken(rows().storedAuthorization()).toBuilder()
                .revokedAt(NOW)
                .build());
        AuditLog entry = rows().auditLog();

        UnitOutcome outcome = commit(unit().revokeAccessToken(token.token())
                .revokeAuthorization(rows().id())
                .revokeConsent(rows().id())
                .poll(rows().digest())
                .insert(entry));

        assertThat(outcome)
                .isEqualTo(new UnitOutcome.Committed(List.of(
                        new RevokeOutcome.AlreadyRevoked<>(token),
                        new RevokeOutcome.Unknown<>(),
                        new RevokeOutcome.Unknown<>(),
                        new PollOutcome.Unknown())));
        assertThat(await(storage().auditLog().getById(entry.id(), ray()))).isPresent();
    }

    @Test
    void aGuardThatDoesNotWinUndoesTheUnitAndIsTheAnswer() {
        AuthorizationCode late = rows().stored(rows().code(rows().storedAuthorization()).toBuilder()
                .expiresAt(NOW)
                .build());
        RefreshToken rotated = rows().stored(rows().refreshToken(rows().storedAuthorization()).toBuilder()
                .rotatedAt(NOW)
                .build());
        DeviceCode denied = rows().stored(rows().deviceCode(rows().storedAuthorization()).toBuilder()
                .state(DeviceCodeState.DENIED)
                .build());

        AuthorizationRequest used = rows().stored(rows().authorizationRequest(rows().storedAuthorization()).toBuilder()
                .consumedAt(NOW)
                .build());

        refused(unit().consumeAuthorizationRequest(used.handle()), new ConsumeOutcome.AlreadyConsumed<>(used));
        refused(unit().consume(rows().digest()), new ConsumeOutcome.Unknown<>());
        refused(unit().consume(late.code()), new ConsumeOutcome.Expired<>(late));
        refused(unit().consumeDeviceCode(denied.deviceCode()), new ConsumeOutcome.NotApproved<>(denied));
        refused(
                unit().rotate(rotated.token(), rows().successorOf(rotated), Grace.NONE),
                new RotateOutcome.AlreadyRotated(rotated));
        refused(unit().approve(denied.userCode(), "the user"), new DecisionOutcome.AlreadyDecided(denied));
        refused(unit().deny(denied.userCode()), new DecisionOutcome.AlreadyDecided(denied));
        refused(unit().deny(rows().digest()), new DecisionOutcome.Unknown());
    }

    @Test
    void theFirstLosingGuardIsNamedAndTheWonOnesAreUndone() {
        AuthorizationCode won = rows().storedCode();
        AuditLog entry = rows().auditLog();

        UnitOutcome outcome = commit(unit().insert(entry)
                .consume(won.code())
                .consume(rows().digest())
                .deny(rows().digest()));

        assertThat(outcome.committed()).isFalse();
        assertThat(outcome).isEqualTo(new UnitOutcome.Refused(2, new ConsumeOutcome.Unknown<>()));
        assertThat(row(storage().authorizationCodes(), won.id())).isEqualTo(won);
        assertThat(await(storage().auditLog().getById(entry.id(), ray()))).isEmpty();
    }

    @Test
    void guardsAreJudgedBeforeTheOtherParts() {
        OAuthClient taken = rows().storedClient();

        UnitOutcome outcome = commit(unit().insert(taken).consume(rows().digest()));

        assertThat(outcome).isEqualTo(new UnitOutcome.Refused(1, new ConsumeOutcome.Unknown<>()));
    }

    @Test
    void aGuardIsJudgedByTheUnitsAttempt() {
        AuthorizationCode code = rows().storedCode();

        UnitOutcome outcome =
                await(storage().unitOfWork(attempt(EXPIRY)).consume(code.code()).commit(ray()));

        assertThat(outcome).isEqualTo(new UnitOutcome.Refused(0, new ConsumeOutcome.Expired<>(code)));
    }

    @Test
    void afterARefusalTheAttemptMayTryAgain() {
        AuthorizationCode code = rows().storedCode();
        Attempt attempt = attempt(EXPIRY);
        await(storage().unitOfWork(attempt).consume(code.code()).commit(ray()));

        UnitOutcome outcome = await(storage()
                .unitOfWork(new Attempt(attempt.id(), NOW, BY))
                .consume(code.code())
                .commit(ray()));

        assertThat(outcome.committed()).isTrue();
    }

    /** Commits the guard amid other parts, and looks for what they must not have left. */
    private void refused(UnitOfWork guard, Outcome expected) {
        AuditLog entry = rows().auditLog();
        OAuthClient client = rows().client();

        assertThat(commit(guard.insert(entry).insert(client))).isEqualTo(new UnitOutcome.Refused(0, expected));

        assertThat(await(storage().auditLog().getById(entry.id(), ray()))).isEmpty();
        assertThat(await(storage().clients().getById(client.id(), ray()))).isEmpty();
    }

    private UnitOfWork unit() {
        return storage().unitOfWork(attempt(NOW));
    }

    private static UnitOutcome commit(UnitOfWork unit) {
        return await(unit.commit(ray()));
    }
}
