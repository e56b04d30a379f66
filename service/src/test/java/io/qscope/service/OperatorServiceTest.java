package io.qscope.service;

import static io.qscope.service.Deployment.USER;
import static io.qscope.service.Deployment.codeRequest;
import static io.qscope.service.Deployment.credentials;
import static io.qscope.service.Deployment.done;
import static io.qscope.service.Deployment.join;
import static io.qscope.service.Deployment.redemption;
import static io.qscope.service.Deployment.refreshToken;
import static io.qscope.service.Deployment.refused;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditEvent;
import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.DeviceCode;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.RowIds;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.Page;
import io.qscope.store.RevokeCount;
import io.qscope.store.Slice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Looking at what is stored, and ending it, without being its client. */
@ParameterizedClass
@EnumSource
class OperatorServiceTest {

    private static final String BY = "operator";
    private static final String DEVICE_CODE = "a-device-code-of-the-tests";

    private final Engine engine;

    private Deployment deployment;
    private OperatorService operator;
    private RayId ray;
    private OAuthClient client;
    private IssuedTokens tokens;

    OperatorServiceTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() {
        deployment = Deployment.on(engine);
        operator = deployment.services.operator();
        ray = deployment.ray;
        client = deployment.client();
        tokens = deployment.tokens(client);
    }

    @AfterEach
    void close() {
        deployment.close();
    }

    private boolean isActive(String token) {
        return deployment.isActive(client, token);
    }

    private String root() {
        return Objects.requireNonNull(tokens.authorizationId());
    }

    private IssuedTokens tokensOf(String userId) {
        IssuedCode code = success(deployment
                .services
                .codes()
                .issue(codeRequest(client).userId(userId).build(), ray));
        return success(deployment.services.codes().redeem(credentials(client), redemption(code), ray));
    }

    private DeviceCode storedDeviceCode() {
        Authorization root = Authorization.builder()
                .id(RowIds.next())
                .clientId(client.id())
                .createdAt(deployment.clock.instant())
                .createdBy("test")
                .build();
        DeviceCode code = DeviceCode.builder()
                .id(RowIds.next())
                .deviceCode(TokenDigest.sha256(DEVICE_CODE))
                .userCode(TokenDigest.sha256(RowIds.next()))
                .clientId(client.id())
                .authorizationId(root.id())
                .expiresAt(deployment.clock.instant().plus(Duration.ofMinutes(10)))
                .createdAt(deployment.clock.instant())
                .createdBy("test")
                .build();
        join(deployment
                .storage
                .unitOfWork(Attempt.of(deployment.clock.instant(), "test"))
                .insert(root)
                .insert(code)
                .commit(ray));
        return code;
    }

    /** That one entry tells of it, by whom, and of nobody's name. */
    private AuditLog onlyEntry(AuditEvent event, @Nullable String subject) {
        List<AuditLog> entries = deployment.entries().stream()
                .filter(entry -> entry.eventType().equals(event.type()))
                .toList();
        assertThat(entries).hasSize(1);
        AuditLog entry = entries.get(0);
        assertThat(entry.subject()).isEqualTo(subject);
        assertThat(entry.createdBy()).isEqualTo(BY);
        assertThat(entry.rayId()).isEqualTo(ray);
        assertThat(entry.toString()).doesNotContain(USER);
        return entry;
    }

    @Test
    void aValueIsInspectedWhateverItIs() {
        IssuedCode code = deployment.code(client);
        DeviceCode device = storedDeviceCode();

        assertThat(success(operator.inspect(tokens.accessToken(), ray)))
                .isInstanceOfSatisfying(
                        AccessToken.class, row -> assertThat(row.id()).isEqualTo(tokens.accessTokenId()));
        assertThat(success(operator.inspect(refreshToken(tokens), ray)))
                .isInstanceOfSatisfying(
                        RefreshToken.class,
                        row -> assertThat(row.authorizationId()).isEqualTo(root()));
        assertThat(success(operator.inspect(code.code(), ray)))
                .isInstanceOfSatisfying(
                        AuthorizationCode.class,
                        row -> assertThat(row.authorizationId()).isEqualTo(code.authorizationId()));
        assertThat(success(operator.inspect(DEVICE_CODE, ray)))
                .isInstanceOfSatisfying(
                        DeviceCode.class, row -> assertThat(row.id()).isEqualTo(device.id()));
        refused(operator.inspect("no such value", ray), ServiceError.NOT_FOUND);
    }

    @Test
    void aDeadValueIsInspectedToo() {
        done(operator.revokeAuthorization(root(), BY, ray));
        deployment.clock.advance(Duration.ofDays(1));
        assertThat(success(operator.inspect(tokens.accessToken(), ray)))
                .isInstanceOfSatisfying(
                        AccessToken.class,
                        row -> assertThat(row.authorizationRevokedAt()).isNotNull());
    }

    @Test
    void aValueStoredByAKeyIsInspectedToo() {
        try (OAuthServices keyed =
                deployment.services(ServicePolicy.builder().keyedTokens(true).build())) {
            IssuedTokens own = success(keyed.tokens().clientCredentials(credentials(client), null, Map.of(), ray));
            assertThat(success(operator.inspect(own.accessToken(), ray)).id()).isEqualTo(own.accessTokenId());
            done(operator.revokeToken(own.accessToken(), BY, ray));
            assertThat(isActive(own.accessToken())).isFalse();
        }
    }

    @Test
    void rfc7009_2_1_anAccessTokenIsRevokedAlone() {
        done(operator.revokeToken(tokens.accessToken(), BY, ray));
        assertThat(isActive(tokens.accessToken())).isFalse();
        assertThat(isActive(refreshToken(tokens))).isTrue();

        done(operator.revokeToken(tokens.accessToken(), BY, ray));
        assertThat(onlyEntry(AuditEvent.ACCESS_TOKEN_REVOKED, tokens.accessTokenId())
                        .clientId())
                .isEqualTo(client.id());
    }

    @Test
    void rfc7009_2_1_aRefreshTokenIsRevokedWithItsFamily() {
        done(operator.revokeToken(refreshToken(tokens), BY, ray));
        assertThat(isActive(tokens.accessToken())).isFalse();
        assertThat(isActive(refreshToken(tokens))).isFalse();

        done(operator.revokeToken(refreshToken(tokens), BY, ray));
        onlyEntry(AuditEvent.REFRESH_TOKEN_REVOKED, root());
    }

    @Test
    void aCodeIsRevokedWithItsFamily() {
        IssuedCode code = deployment.code(client);
        done(operator.revokeToken(code.code(), BY, ray));
        refused(
                deployment.services.codes().redeem(credentials(client), redemption(code), ray),
                ServiceError.INVALID_GRANT);

        done(operator.revokeToken(code.code(), BY, ray));
        assertThat(onlyEntry(AuditEvent.AUTHORIZATION_REVOKED, code.authorizationId())
                        .metadata())
                .containsOnlyKeys("code_id");
    }

    @Test
    void aDeviceCodeIsRevokedWithItsFamily() {
        DeviceCode device = storedDeviceCode();
        done(operator.revokeToken(DEVICE_CODE, BY, ray));
        assertThat(success(operator.authorization(device.authorizationId(), ray))
                        .isLive())
                .isFalse();

        done(operator.revokeToken(DEVICE_CODE, BY, ray));
        assertThat(onlyEntry(AuditEvent.AUTHORIZATION_REVOKED, device.authorizationId())
                        .metadata())
                .containsEntry("device_code_id", device.id());
    }

    @Test
    void anAuthorizationIsReadAndRevoked() {
        Authorization root = success(operator.authorization(root(), ray));
        assertThat(root.userId()).isEqualTo(USER);
        assertThat(root.isLive()).isTrue();

        done(operator.revokeAuthorization(root(), BY, ray));
        done(operator.revokeAuthorization(root(), BY, ray));
        Authorization revoked = success(operator.authorization(root(), ray));
        assertThat(revoked.revokedAt()).isEqualTo(deployment.clock.instant());
        assertThat(revoked.updatedBy()).isEqualTo(BY);
        assertThat(isActive(tokens.accessToken())).isFalse();
        assertThat(onlyEntry(AuditEvent.AUTHORIZATION_REVOKED, root()).metadata())
                .isEmpty();
    }

    @Test
    void whatIsNotThereIsNotFound() {
        refused(operator.authorization("nothing", ray), ServiceError.NOT_FOUND);
        refused(operator.revokeAuthorization("nothing", BY, ray), ServiceError.NOT_FOUND);
        refused(operator.revokeToken("nothing", BY, ray), ServiceError.NOT_FOUND);
        refused(operator.revokeClient("nothing", BY, ray), ServiceError.NOT_FOUND);
        refused(operator.authorizationsOfClient("nothing", Page.first(1), ray), ServiceError.NOT_FOUND);
    }

    @Test
    void aNameThatNoRowTakesIsInvalidAndNothingIsRevoked() {
        refused(operator.revokeToken(tokens.accessToken(), " ", ray), ServiceError.INVALID);
        refused(operator.revokeAuthorization(root(), "", ray), ServiceError.INVALID);
        refused(operator.revokeUser(USER, "x".repeat(256), ray), ServiceError.INVALID);
        refused(operator.revokeUser("\ud800", BY, ray), ServiceError.INVALID);
        refused(operator.revokeClient(client.clientIdentifier(), "line\nbreak", ray), ServiceError.INVALID);
        assertThat(isActive(tokens.accessToken())).isTrue();
    }

    @Test
    void authorizationsAreListedByUserAndByClient() {
        IssuedTokens second = deployment.tokens(client);
        IssuedTokens others = tokensOf("bob");
        done(operator.revokeAuthorization(root(), BY, ray));

        Slice<Authorization> first = success(operator.authorizationsOfUser(USER, Page.first(1), ray));
        assertThat(first.rows()).extracting(Authorization::id).containsExactly(root());
        Slice<Authorization> last =
                success(operator.authorizationsOfUser(USER, first.nextPage(1).orElseThrow(), ray));
        assertThat(last.rows()).extracting(Authorization::id).containsExactly(second.authorizationId());
        assertThat(last.next()).isNull();

        assertThat(success(operator.authorizationsOfClient(client.clientIdentifier(), Page.first(9), ray))
                        .rows())
                .extracting(Authorization::id)
                .containsExactly(root(), second.authorizationId(), others.authorizationId());
        assertThat(success(operator.authorizationsOfUser("nobody", Page.first(9), ray))
                        .rows())
                .isEmpty();
        Page wrong = new Page("no page ended here", 1);
        refused(operator.authorizationsOfUser(USER, wrong, ray), ServiceError.INVALID);
        refused(operator.authorizationsOfClient(client.clientIdentifier(), wrong, ray), ServiceError.INVALID);
    }

    @Test
    void aUserIsRevokedAtEveryClientAndNobodyElseIs() {
        OAuthClient other = deployment.client();
        IssuedTokens elsewhere = deployment.tokens(other);
        IssuedTokens others = tokensOf("bob");

        assertThat(success(operator.revokeUser(USER, BY, ray))).isEqualTo(new RevokeCount(2, 0, 0));
        assertThat(isActive(tokens.accessToken())).isFalse();
        assertThat(isActive(refreshToken(tokens))).isFalse();
        assertThat(deployment.isActive(other, elsewhere.accessToken())).isFalse();
        assertThat(isActive(others.accessToken())).isTrue();
        AuditLog entry = onlyEntry(AuditEvent.USER_REVOKED, null);
        assertThat(entry.userId()).startsWith("person:first:");
        assertThat(entry.clientId()).isNull();
    }

    @Test
    void thatAUserWasToBeRevokedIsLoggedEachTime() {
        success(operator.revokeUser(USER, BY, ray));
        assertThat(success(operator.revokeUser(USER, BY, ray))).isEqualTo(new RevokeCount(0, 0, 0));
        assertThat(deployment.entries())
                .filteredOn(entry -> entry.eventType().equals(AuditEvent.USER_REVOKED.type()))
                .hasSize(2);
    }

    @Test
    void aClientIsRevokedWithItsOwnTokensAndMayBeGrantedAnew() {
        IssuedTokens own =
                success(deployment.services.tokens().clientCredentials(credentials(client), null, Map.of(), ray));
        OAuthClient other = deployment.client();
        IssuedTokens elsewhere = deployment.tokens(other);

        assertThat(success(operator.revokeClient(client.clientIdentifier(), BY, ray)))
                .isEqualTo(new RevokeCount(1, 1, 0));
        assertThat(isActive(tokens.accessToken())).isFalse();
        assertThat(isActive(own.accessToken())).isFalse();
        assertThat(deployment.isActive(other, elsewhere.accessToken())).isTrue();
        assertThat(onlyEntry(AuditEvent.CLIENT_REVOKED, client.id()).clientId()).isEqualTo(client.id());
        assertThat(isActive(deployment.tokens(client).accessToken())).isTrue();
    }
}
