package io.qscope.service;

import static io.qscope.service.Deployment.USER;
import static io.qscope.service.Deployment.credentials;
import static io.qscope.service.Deployment.join;
import static io.qscope.service.Deployment.refreshToken;
import static io.qscope.service.Deployment.refused;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditEvent;
import io.qscope.model.OAuthClient;
import io.qscope.model.TokenDigest;
import io.qscope.store.Page;
import io.qscope.store.Purged;
import io.qscope.store.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A user who asks to be forgotten, and rows of no more use. */
@ParameterizedClass
@EnumSource
class ErasureTest {

    private static final String OPERATOR = "operator";

    private final Engine engine;

    private Deployment deployment;
    private OperatorService operator;
    private OAuthClient client;

    ErasureTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() {
        deployment = Deployment.on(engine);
        operator = deployment.services.operator();
        client = deployment.client();
    }

    @AfterEach
    void close() {
        deployment.close();
    }

    private IssuedTokens tokensOf(String user) {
        IssuedCode code = success(deployment
                .services
                .codes()
                .issue(Deployment.codeRequest(client).userId(user).build(), deployment.ray));
        return success(
                deployment.services.codes().redeem(credentials(client), Deployment.redemption(code), deployment.ray));
    }

    @Test
    void everythingOfTheUserIsDeletedAndNothingOfOthers() {
        // More than are deleted at once.
        List<IssuedTokens> alices = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            alices.add(tokensOf(USER));
        }
        IssuedTokens bobs = tokensOf("bob");
        success(deployment.services.consents().grant(client.clientIdentifier(), USER, Set.of("read"), deployment.ray));

        assertThat(success(operator.eraseUser(USER, OPERATOR, deployment.ray))).isEqualTo(121);
        assertThat(join(deployment.storage.authorizations().listByUser(USER, Page.first(1), deployment.ray))
                        .rows())
                .isEmpty();
        assertThat(join(deployment.storage.consents().listByUser(USER, Page.first(1), deployment.ray))
                        .rows())
                .isEmpty();
        for (IssuedTokens each : alices) {
            assertThat(join(deployment
                            .storage
                            .refreshTokens()
                            .getByToken(TokenDigest.sha256(refreshToken(each)), deployment.ray)))
                    .isEmpty();
        }
        assertThat(join(deployment.storage.rowCounts(deployment.ray)))
                .containsEntry(TableName.ACCESS_TOKENS, 1L)
                .containsEntry(TableName.AUTHORIZATION_CODES, 1L);
        assertThat(deployment.isActive(client, bobs.accessToken())).isTrue();
        assertThat(deployment.entries().toString()).doesNotContain(USER);
        assertThat(deployment.entries())
                .filteredOn(entry -> entry.eventType().equals(AuditEvent.USER_ERASED.type()))
                .extracting(entry -> entry.metadata().get("rows"))
                .containsExactly(100L, 20L, 1L);

        assertThat(success(operator.eraseUser(USER, OPERATOR, deployment.ray))).isZero();
        refused(operator.eraseUser(" ", OPERATOR, deployment.ray), ServiceError.INVALID);
        refused(operator.eraseUser(USER, " ", deployment.ray), ServiceError.INVALID);
    }

    @Test
    void aPurgeDeletesWhatIsOverAndSaysHowMuch() {
        deployment.tokens(client);
        success(deployment.services.tokens().clientCredentials(credentials(client), null, Map.of(), deployment.ray));
        List<Long> told = new ArrayList<>();
        Purged none = success(operator.purge(deployment.clock.instant(), OPERATOR, told::add, deployment.ray));
        assertThat(none.total()).isZero();
        deployment.clock.advance(Duration.ofDays(31));
        Purged purged = success(operator.purge(deployment.clock.instant(), OPERATOR, told::add, deployment.ray));
        assertThat(purged.accessTokens()).isEqualTo(2);
        assertThat(purged.refreshTokens()).isEqualTo(1);
        assertThat(purged.authorizationCodes()).isEqualTo(1);
        assertThat(purged.authorizations()).isEqualTo(1);
        assertThat(told).endsWith((long) purged.total());
        assertThat(deployment.entries())
                .filteredOn(entry -> entry.eventType().equals(AuditEvent.PURGED.type()))
                .singleElement()
                .satisfies(entry -> assertThat(entry.metadata()).containsEntry("access_tokens", 2L));
    }

    @Test
    void aPurgeOfWhatIsStillLiveIsRefusedUnlessItIsMeant() {
        IssuedTokens live = tokensOf(USER);
        Instant now = deployment.clock.instant();
        Instant ahead = now.plus(Duration.ofDays(31));
        LongConsumer untold = deleted -> {};
        refused(operator.purge(ahead, OPERATOR, untold, deployment.ray), ServiceError.INVALID);
        refused(operator.purge(now.plusMillis(1), OPERATOR, untold, deployment.ray), ServiceError.INVALID);
        assertThat(deployment.isActive(client, live.accessToken())).isTrue();
        assertThat(success(operator.purge(now.plusNanos(999_999), OPERATOR, untold, deployment.ray))
                        .total())
                .isZero();

        assertThat(success(operator.purgeWhatIsLive(ahead, OPERATOR, untold, deployment.ray))
                        .accessTokens())
                .isEqualTo(1);
        assertThat(deployment.isActive(client, live.accessToken())).isFalse();
    }

    @Test
    void whoIsGrantedFasterThanErasedIsNotErasedForEver() {
        LostAnswers others = new LostAnswers(deployment.storage);
        tokensOf(USER);
        others.comesFirst(() -> tokensOf(USER));
        try (OAuthServices services = OAuthServices.builder(others.storage(), deployment.keys::get)
                .clock(deployment.clock)
                .build()) {
            assertThat(refused(services.operator().eraseUser(USER, OPERATOR, deployment.ray), ServiceError.CONFLICT)
                            .clientMessage())
                    .contains("not finished", "run it again");
            others.comesFirst(() -> {});
            assertThat(success(services.operator().eraseUser(USER, OPERATOR, deployment.ray)))
                    .isPositive();
        }
    }
}
