package io.qscope.service;

import static io.qscope.service.Deployment.USER;
import static io.qscope.service.Deployment.credentials;
import static io.qscope.service.Deployment.done;
import static io.qscope.service.Deployment.join;
import static io.qscope.service.Deployment.refreshToken;
import static io.qscope.service.Deployment.refused;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditEvent;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.key.Purpose;
import io.qscope.model.DeviceCode;
import io.qscope.model.OAuthClient;
import io.qscope.model.TokenDigest;
import io.qscope.result.Result;
import io.qscope.result.SuccessResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The device authorization grant, from both sides. */
@ParameterizedClass
@EnumSource
class DeviceServiceTest {

    private static final String ADDRESS = "192.0.2.7";

    private final Engine engine;

    private Deployment deployment;
    private DeviceService devices;
    private UserCodeService userCodes;
    private OAuthClient client;

    DeviceServiceTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() {
        deployment = Deployment.on(engine);
        devices = deployment.services.devices();
        userCodes = deployment.services.userCodes();
        client = deployment.client();
    }

    @AfterEach
    void close() {
        deployment.close();
    }

    private DeviceAuthorization authorize() {
        return success(devices.authorize(credentials(client), Set.of("read"), deployment.ray));
    }

    private CompletableFuture<Result<IssuedTokens>> poll(DeviceAuthorization codes) {
        return devices.redeem(credentials(client), codes.deviceCode(), deployment.ray);
    }

    private void approve(DeviceAuthorization codes) {
        done(userCodes.approve(codes.userCode(), USER, ADDRESS, deployment.ray));
    }

    private DeviceCode stored(DeviceAuthorization codes) {
        return join(deployment
                        .storage
                        .deviceCodes()
                        .getByDeviceCode(TokenDigest.sha256(codes.deviceCode()), deployment.ray))
                .orElseThrow();
    }

    @Test
    void rfc8628_3_2_aDeviceIsGivenCodesAndAnInterval() {
        DeviceAuthorization codes = authorize();
        assertThat(codes.userCode()).matches("[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}");
        assertThat(codes.expiresIn()).isEqualTo(client.config().deviceCodeTtl());
        assertThat(codes.interval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(stored(codes).userCode().keyId()).isEqualTo("first");
        assertThat(deployment.entries(AuditEvent.DEVICE_CODE_ISSUED, codes.authorizationId()))
                .hasSize(1);
        assertThat(codes.toString()).doesNotContain(codes.deviceCode()).doesNotContain(codes.userCode());
    }

    @Test
    void rfc8628_3_1_onlyAClientOfTheGrantIsGivenCodes() {
        OAuthClient other = deployment.client(row -> row.grantTypes(Set.of("refresh_token")), config -> config);
        refused(devices.authorize(credentials(other), null, deployment.ray), ServiceError.UNAUTHORIZED_CLIENT);
        OAuthClient without = deployment.client(row -> row, config -> config.deviceCodeTtl(null));
        refused(devices.authorize(credentials(without), null, deployment.ray), ServiceError.UNAUTHORIZED_CLIENT);
        refused(devices.authorize(credentials(client), Set.of("admin"), deployment.ray), ServiceError.INVALID_SCOPE);
        refused(devices.authorize(ClientCredentials.none("nobody"), null, deployment.ray), ServiceError.INVALID_CLIENT);
        OAuthClient open = deployment.publicClient();
        success(devices.authorize(credentials(open), null, deployment.ray));
    }

    @Test
    void rfc8628_3_5_theDeviceWaitsAndIsGivenTokensOnceTheUserAgreed() {
        DeviceAuthorization codes = authorize();
        refused(poll(codes), ServiceError.AUTHORIZATION_PENDING);
        approve(codes);
        IssuedTokens tokens = success(poll(codes));
        assertThat(tokens.userId()).isEqualTo(USER);
        assertThat(tokens.scopes()).containsExactly("read");
        assertThat(deployment.isActive(client, tokens.accessToken())).isTrue();
        assertThat(deployment.isActive(client, refreshToken(tokens))).isTrue();
        for (AuditEvent event : List.of(AuditEvent.DEVICE_APPROVED, AuditEvent.DEVICE_CODE_REDEEMED)) {
            assertThat(deployment.entries(event, codes.authorizationId())).hasSize(1);
        }
        assertThat(deployment.entries().toString()).doesNotContain(USER).doesNotContain(ADDRESS);
    }

    @Test
    void rfc8628_3_5_aDevicePollingTooFastIsSlowedDownForGood() {
        DeviceAuthorization codes = authorize();
        refused(poll(codes), ServiceError.AUTHORIZATION_PENDING);
        deployment.clock.advance(Duration.ofSeconds(4));
        refused(poll(codes), ServiceError.SLOW_DOWN);
        assertThat(stored(codes).interval()).isEqualTo(Duration.ofSeconds(10));
        deployment.clock.advance(Duration.ofSeconds(9));
        refused(poll(codes), ServiceError.SLOW_DOWN);
        deployment.clock.advance(Duration.ofSeconds(15));
        refused(poll(codes), ServiceError.AUTHORIZATION_PENDING);
    }

    @Test
    void rfc8628_3_5_aRefusalAndAnExpiryAreTold() {
        DeviceAuthorization denied = authorize();
        done(userCodes.deny(denied.userCode(), USER, ADDRESS, deployment.ray));
        refused(poll(denied), ServiceError.ACCESS_DENIED);
        assertThat(deployment.entries(AuditEvent.DEVICE_DENIED, denied.authorizationId()))
                .hasSize(1);
        DeviceAuthorization late = authorize();
        deployment.clock.advance(late.expiresIn());
        refused(poll(late), ServiceError.EXPIRED_TOKEN);
        refused(userCodes.approve(late.userCode(), USER, ADDRESS, deployment.ray), ServiceError.NOT_FOUND);
    }

    @Test
    void aRedeemedDeviceCodeThatComesAgainRevokesTheFamily() {
        DeviceAuthorization codes = authorize();
        approve(codes);
        IssuedTokens tokens = success(poll(codes));
        refused(poll(codes), ServiceError.INVALID_GRANT);
        assertThat(deployment.isActive(client, tokens.accessToken())).isFalse();
        assertThat(deployment.isActive(client, refreshToken(tokens))).isFalse();
        assertThat(deployment.entries(AuditEvent.DEVICE_CODE_REPLAYED, codes.authorizationId()))
                .hasSize(1);
    }

    @Test
    void rfc6749_5_2_anotherClientsDeviceCodeIsRefusedAndNotPolled() {
        DeviceAuthorization codes = authorize();
        OAuthClient other = deployment.client();
        refused(devices.redeem(credentials(other), codes.deviceCode(), deployment.ray), ServiceError.INVALID_GRANT);
        assertThat(stored(codes).lastPolledAt()).isNull();
        refused(devices.redeem(credentials(client), "unknown", deployment.ray), ServiceError.INVALID_GRANT);
    }

    @Test
    void ofPollsAtOnceOneIsGivenTokens() {
        for (int round = 0; round < 20; round++) {
            DeviceAuthorization codes = authorize();
            approve(codes);
            List<CompletableFuture<Result<IssuedTokens>>> polls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                polls.add(poll(codes));
            }
            assertThat(polls.stream().map(Deployment::join).filter(SuccessResult.class::isInstance))
                    .hasSize(1);
        }
    }

    @Test
    void rfc8628_6_1_aUserCodeIsReadWithoutCaseAndPunctuation() {
        DeviceAuthorization codes = authorize();
        String bare = codes.userCode().replace("-", "");
        for (String typed : List.of(
                codes.userCode(),
                bare,
                bare.toLowerCase(Locale.ROOT),
                " " + codes.userCode().replace('-', ' ') + ". ",
                String.join("-", bare.split("")))) {
            assertThat(success(userCodes.find(typed, ADDRESS, deployment.ray)).clientIdentifier())
                    .isEqualTo(client.clientIdentifier());
        }
        refused(userCodes.find(bare + "B", ADDRESS, deployment.ray), ServiceError.NOT_FOUND);
        refused(userCodes.find(bare.substring(1), ADDRESS, deployment.ray), ServiceError.NOT_FOUND);
        refused(userCodes.find("", ADDRESS, deployment.ray), ServiceError.NOT_FOUND);
    }

    @Test
    void theUserIsShownWhoAsksForWhat() {
        DeviceAuthorization codes = authorize();
        DeviceRequest request = success(userCodes.find(codes.userCode(), ADDRESS, deployment.ray));
        assertThat(request.scopes()).containsExactly("read");
        assertThat(request.authorizationId()).isEqualTo(codes.authorizationId());
        assertThat(request.expiresAt()).isEqualTo(deployment.clock.instant().plus(codes.expiresIn()));
        approve(codes);
        refused(userCodes.find(codes.userCode(), ADDRESS, deployment.ray), ServiceError.NOT_FOUND);
    }

    @Test
    void ofApprovalsAndDenialsAtOnceOneWins() {
        for (int round = 0; round < 20; round++) {
            DeviceAuthorization codes = authorize();
            List<CompletableFuture<Result<Void>>> decisions = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String key = "user-" + round + "-" + i;
                decisions.add(userCodes.approve(codes.userCode(), key, key, deployment.ray));
                decisions.add(userCodes.deny(codes.userCode(), null, key + "-no", deployment.ray));
            }
            assertThat(decisions.stream().map(Deployment::join).filter(SuccessResult.class::isInstance))
                    .hasSize(1);
        }
    }

    @Test
    void rfc8628_5_1_wrongUserCodesAreCountedPerThrottleKeyAndRefusedBeyondTheLimit() {
        int tries = ServicePolicy.defaults().userCodeTries();
        DeviceAuthorization codes = authorize();
        for (int i = 0; i < tries; i++) {
            refused(userCodes.find("BBBB-BBBB", ADDRESS, deployment.ray), ServiceError.NOT_FOUND);
        }
        for (String typed : List.of("BBBB-BBBB", codes.userCode())) {
            refused(userCodes.find(typed, ADDRESS, deployment.ray), ServiceError.TOO_MANY_ATTEMPTS);
            refused(userCodes.approve(typed, USER, ADDRESS, deployment.ray), ServiceError.TOO_MANY_ATTEMPTS);
            refused(userCodes.deny(typed, USER, ADDRESS, deployment.ray), ServiceError.TOO_MANY_ATTEMPTS);
        }
        // Others are not held up, and after the window neither is this one.
        success(userCodes.find(codes.userCode(), "192.0.2.8", deployment.ray));
        deployment.clock.advance(ServicePolicy.defaults().userCodeWindow());
        DeviceAuthorization later = authorize();
        success(userCodes.find(later.userCode(), ADDRESS, deployment.ray));
    }

    @Test
    void rightUserCodesDoNotCount() {
        int tries = ServicePolicy.defaults().userCodeTries();
        for (int i = 0; i < 3 * tries; i++) {
            DeviceAuthorization codes = authorize();
            success(userCodes.find(codes.userCode(), ADDRESS, deployment.ray));
            approve(codes);
        }
        // And do not wipe out the wrong ones: else an attacker would type a right one of his own now and then.
        for (int i = 0; i < tries; i++) {
            refused(userCodes.find("BBBB-BBBB", ADDRESS, deployment.ray), ServiceError.NOT_FOUND);
            if (i < tries - 1) {
                success(userCodes.find(authorize().userCode(), ADDRESS, deployment.ray));
            }
        }
        refused(userCodes.find("BBBB-BBBB", ADDRESS, deployment.ray), ServiceError.TOO_MANY_ATTEMPTS);
    }

    @Test
    void guessesAtOnceDoNotSlipPastTheLimit() {
        int tries = ServicePolicy.defaults().userCodeTries();
        List<CompletableFuture<Result<DeviceRequest>>> guesses = new ArrayList<>();
        for (int i = 0; i < 8 * tries; i++) {
            guesses.add(userCodes.find("BBBB-BBBB", ADDRESS, deployment.ray));
        }
        assertThat(guesses.stream().map(Deployment::join).map(Object::toString))
                .filteredOn(answer -> answer.contains(ServiceError.NOT_FOUND.code()))
                .hasSize(tries);
    }

    @Test
    void guessesBeyondTheLimitDoNotFillTheLog() {
        int tries = ServicePolicy.defaults().userCodeTries();
        for (int i = 0; i < 3 * tries; i++) {
            refused(
                    userCodes.find("BBBB-BBBB", ADDRESS, deployment.ray),
                    i < tries ? ServiceError.NOT_FOUND : ServiceError.TOO_MANY_ATTEMPTS);
        }
        assertThat(deployment.entries())
                .hasSize(tries + 1)
                .extracting(entry -> entry.metadata().get("refused"))
                .containsOnlyOnce(true);
    }

    @Test
    void processesWithDifferentWritingKeysCountTogether() {
        KeyRing old = deployment.keys.get();
        KeyRing young = old.writingWith(Key.generate("second"));
        int tries = ServicePolicy.defaults().userCodeTries();
        for (int i = 0; i < tries; i++) {
            deployment.keys.set(i % 2 == 0 ? old : young);
            refused(userCodes.find("BBBB-BBBB", ADDRESS, deployment.ray), ServiceError.NOT_FOUND);
        }
        refused(userCodes.find("BBBB-BBBB", ADDRESS, deployment.ray), ServiceError.TOO_MANY_ATTEMPTS);
    }

    @Test
    void aCodeThatWasDecidedAlreadyWasRightAndDoesNotCount() {
        DeviceAuthorization codes = authorize();
        approve(codes);
        for (int i = 0; i < 3 * ServicePolicy.defaults().userCodeTries(); i++) {
            refused(userCodes.approve(codes.userCode(), USER, ADDRESS, deployment.ray), ServiceError.NOT_FOUND);
        }
        success(userCodes.find(authorize().userCode(), ADDRESS, deployment.ray));
    }

    @Test
    void aUserCodeIsFoundAfterAKeyRotation() {
        DeviceAuthorization codes = authorize();
        deployment.keys.updateAndGet(ring -> ring.writingWith(Key.generate("second")));
        success(userCodes.find(codes.userCode(), ADDRESS, deployment.ray));
        approve(codes);
        success(poll(codes));
    }

    /** A code of the same letters under another readable key is another row to the table, and must not be to the user. */
    @Test
    void aUserCodeIsUniqueUnderAllReadableKeys() {
        Key second = Key.generate("second");
        KeyRing both = deployment.keys.get().writingWith(second);
        DeviceAuthorization taken = authorize();
        String code = taken.userCode().replace("-", "");
        deployment.keys.set(both);
        DeviceAuthorization fresh = authorize(new Codes(code, "BCDFGHJK"));
        assertThat(fresh.userCode()).isEqualTo("BCDF-GHJK");
        assertThat(join(deployment
                        .storage
                        .deviceCodes()
                        .getByUserCode(second.digest(Purpose.USER_CODES, code), deployment.ray)))
                .isEmpty();
        assertThat(deployment.entries())
                .filteredOn(entry -> entry.eventType().equals(AuditEvent.DEVICE_CODE_WITHDRAWN.type()))
                .hasSize(1);
        // And under the same key the table itself refuses it.
        deployment.keys.set(both.writingWith(both.readable().get(1)));
        assertThat(authorize(new Codes(code, "BCDFGHJL")).userCode()).isEqualTo("BCDF-GHJL");
    }

    private DeviceAuthorization authorize(Codes codes) {
        ServiceContext context = new ServiceContext(
                deployment.storage, deployment.keys::get, deployment.clock, ServicePolicy.defaults());
        try (SecretHasher hasher = new SecretHasher()) {
            DeviceService minting = new DeviceService(context, new ClientAuthenticator(context, hasher), codes);
            return success(minting.authorize(credentials(client), null, deployment.ray));
        }
    }

    /** User codes in a given order. */
    private static final class Codes implements Supplier<String> {

        private final List<String> codes;
        private int next;

        Codes(String... codes) {
            this.codes = List.of(codes);
        }

        @Override
        public String get() {
            return codes.get(next++);
        }
    }
}
