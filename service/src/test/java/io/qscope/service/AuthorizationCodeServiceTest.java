package io.qscope.service;

import static io.qscope.service.Deployment.CHALLENGE;
import static io.qscope.service.Deployment.REDIRECT_URI;
import static io.qscope.service.Deployment.USER;
import static io.qscope.service.Deployment.VERIFIER;
import static io.qscope.service.Deployment.codeRequest;
import static io.qscope.service.Deployment.credentials;
import static io.qscope.service.Deployment.join;
import static io.qscope.service.Deployment.redemption;
import static io.qscope.service.Deployment.refreshToken;
import static io.qscope.service.Deployment.refused;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditEvent;
import io.qscope.model.AccessToken;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.OAuthClient;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The authorization code grant. */
@ParameterizedClass
@EnumSource
class AuthorizationCodeServiceTest {

    private final Engine engine;

    private Deployment deployment;
    private AuthorizationCodeService codes;
    private OAuthClient client;

    AuthorizationCodeServiceTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() {
        deployment = Deployment.on(engine);
        codes = deployment.services.codes();
        client = deployment.client();
    }

    @AfterEach
    void close() {
        deployment.close();
    }

    private AuthorizationCode stored(IssuedCode code) {
        return join(deployment.storage.authorizationCodes().getByCode(TokenDigest.sha256(code.code()), deployment.ray))
                .orElseThrow();
    }

    private AccessToken stored(IssuedTokens tokens) {
        return join(deployment.storage.accessTokens().getById(tokens.accessTokenId(), deployment.ray))
                .orElseThrow();
    }

    @Test
    void rfc6749_4_1_aCodeIsRedeemedForTokensOfWhatWasGranted() {
        IssuedCode code = success(codes.issue(
                codeRequest(client)
                        .scopes(Set.of("read"))
                        .attributes(Map.of("nonce", "n"))
                        .metadata(Map.of("aud", "https://api.example"))
                        .build(),
                deployment.ray));
        IssuedTokens tokens = success(codes.redeem(credentials(client), redemption(code), deployment.ray));

        assertThat(tokens.scopes()).containsExactly("read");
        assertThat(tokens.userId()).isEqualTo(USER);
        assertThat(tokens.authorizationId()).isEqualTo(code.authorizationId());
        assertThat(tokens.expiresIn()).isEqualTo(client.config().accessTokenTtl());
        assertThat(tokens.metadata()).containsEntry("aud", "https://api.example");
        assertThat(stored(tokens).token().sameBytes(TokenDigest.sha256(tokens.accessToken())))
                .isTrue();
        assertThat(deployment.isActive(client, tokens.accessToken())).isTrue();
        assertThat(deployment.isActive(client, refreshToken(tokens))).isTrue();
        assertThat(join(deployment.storage.authorizations().getById(code.authorizationId(), deployment.ray)))
                .hasValueSatisfying(root -> assertThat(root.attributes()).containsEntry("nonce", "n"));
    }

    @Test
    void issuingAndRedeemingAreToldInTheAuditLogWithoutNamingThePerson() {
        IssuedTokens tokens = deployment.tokens(client);
        String family = String.valueOf(tokens.authorizationId());
        assertThat(deployment.entries(AuditEvent.CODE_ISSUED, family)).hasSize(1);
        assertThat(deployment.entries(AuditEvent.CODE_REDEEMED, family))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.clientId()).isEqualTo(client.id());
                    assertThat(entry.rayId()).isEqualTo(deployment.ray);
                    assertThat(entry.metadata()).containsEntry("access_token_id", tokens.accessTokenId());
                    assertThat(entry.userId()).startsWith("person:first:").doesNotContain(USER);
                });
        assertThat(deployment.entries().toString()).doesNotContain(USER);
    }

    @Test
    void rfc6749_4_1_2_aReplayRevokesTheFamilyAndSaysSoInTheAuditLog() {
        IssuedCode code = deployment.code(client);
        IssuedTokens tokens = success(codes.redeem(credentials(client), redemption(code), deployment.ray));
        refused(codes.redeem(credentials(client), redemption(code), deployment.ray), ServiceError.INVALID_GRANT);

        assertThat(deployment.isActive(client, tokens.accessToken())).isFalse();
        assertThat(deployment.isActive(client, refreshToken(tokens))).isFalse();
        assertThat(deployment.entries(AuditEvent.CODE_REPLAYED, code.authorizationId()))
                .hasSize(1);
    }

    @Test
    void rfc9700_4_5_aReplayAfterExpiryIsAReplayStill() {
        IssuedCode code = deployment.code(client);
        IssuedTokens tokens = success(codes.redeem(credentials(client), redemption(code), deployment.ray));
        deployment.clock.advance(Duration.ofMinutes(5));
        refused(codes.redeem(credentials(client), redemption(code), deployment.ray), ServiceError.INVALID_GRANT);
        assertThat(deployment.isActive(client, tokens.accessToken())).isFalse();
    }

    @Test
    void aReplayIsOneWhateverElseIsWrongWithTheRequest() {
        IssuedCode code = deployment.code(client);
        IssuedTokens tokens = success(codes.redeem(credentials(client), redemption(code), deployment.ray));
        refused(
                codes.redeem(
                        credentials(client),
                        new CodeRedemption(code.code(), "https://evil.example", null),
                        deployment.ray),
                ServiceError.INVALID_GRANT);
        assertThat(deployment.isActive(client, tokens.accessToken())).isFalse();
    }

    @Test
    void rfc6749_5_2_anotherClientsCodeIsRefusedAndStaysGood() {
        IssuedCode code = deployment.code(client);
        OAuthClient other = deployment.client();
        int entries = deployment.entries().size();
        refused(codes.redeem(credentials(other), redemption(code), deployment.ray), ServiceError.INVALID_GRANT);
        assertThat(stored(code).consumedAt()).isNull();
        assertThat(deployment.entries()).hasSize(entries);
        success(codes.redeem(credentials(client), redemption(code), deployment.ray));
        // Nor does another client's replay harm the family.
        refused(codes.redeem(credentials(other), redemption(code), deployment.ray), ServiceError.INVALID_GRANT);
        assertThat(join(deployment.storage.authorizations().getById(code.authorizationId(), deployment.ray)))
                .hasValueSatisfying(root -> assertThat(root.isLive()).isTrue());
    }

    @Test
    void rfc6749_4_1_2_anExpiredCodeIsRefused() {
        IssuedCode code = deployment.code(client);
        deployment.clock.advance(client.config().authorizationCodeTtl());
        refused(codes.redeem(credentials(client), redemption(code), deployment.ray), ServiceError.INVALID_GRANT);
        assertThat(stored(code).consumedAt()).isNull();
    }

    @Test
    void rfc6749_4_1_3_theRedirectUriMustBeTheOneOfTheRequest() {
        for (String wrong :
                new String[] {"https://client.example/callback/", "https://client.example/CALLBACK", null}) {
            IssuedCode code = deployment.code(client);
            refused(
                    codes.redeem(credentials(client), new CodeRedemption(code.code(), wrong, VERIFIER), deployment.ray),
                    ServiceError.INVALID_GRANT);
            assertThat(stored(code).consumedAt()).isNull();
        }
        IssuedCode without =
                success(codes.issue(codeRequest(client).redirectUri(null).build(), deployment.ray));
        assertThat(without.redirectUri()).isEqualTo(REDIRECT_URI);
        refused(codes.redeem(credentials(client), redemption(without), deployment.ray), ServiceError.INVALID_GRANT);
        success(codes.redeem(credentials(client), new CodeRedemption(without.code(), null, VERIFIER), deployment.ray));
    }

    @Test
    void rfc7636_4_6_theVerifierMustMatchTheChallenge() {
        String other = VERIFIER.replace('d', 'e');
        for (String wrong : new String[] {null, "", "short", other, CHALLENGE, VERIFIER + "é"}) {
            IssuedCode code = deployment.code(client);
            refused(
                    codes.redeem(
                            credentials(client), new CodeRedemption(code.code(), REDIRECT_URI, wrong), deployment.ray),
                    ServiceError.INVALID_GRANT);
            // A wrong verifier does not use the code up: else whoever saw it could spoil it.
            success(codes.redeem(credentials(client), redemption(code), deployment.ray));
        }
    }

    @Test
    void rfc7636_4_3_plainIsForClientsThatMayUseIt() {
        String plain = VERIFIER;
        CodeRequest request = codeRequest(client)
                .codeChallenge(plain)
                .codeChallengeMethod(null)
                .build();
        refused(codes.issue(request, deployment.ray), ServiceError.INVALID_REQUEST);

        OAuthClient allowed = deployment.client(row -> row, config -> config.pkceMethods(Set.of("plain", "S256")));
        IssuedCode code = success(codes.issue(
                codeRequest(allowed)
                        .codeChallenge(plain)
                        .codeChallengeMethod(null)
                        .build(),
                deployment.ray));
        success(codes.redeem(credentials(allowed), redemption(code), deployment.ray));
    }

    @Test
    void rfc9700_2_1_1_aPublicClientAlwaysNeedsPkce() {
        OAuthClient lax = deployment.client(
                row -> row.isConfidential(false).clientSecret(null), config -> config.requirePkce(false));
        refused(
                codes.issue(
                        codeRequest(lax)
                                .codeChallenge(null)
                                .codeChallengeMethod(null)
                                .build(),
                        deployment.ray),
                ServiceError.INVALID_REQUEST);
    }

    @Test
    void rfc9700_4_8_2_aVerifierWithoutAChallengeIsRefused() {
        OAuthClient lax = deployment.client(row -> row, config -> config.requirePkce(false));
        CodeRequest request =
                codeRequest(lax).codeChallenge(null).codeChallengeMethod(null).build();
        IssuedCode code = success(codes.issue(request, deployment.ray));
        refused(codes.redeem(credentials(lax), redemption(code), deployment.ray), ServiceError.INVALID_GRANT);
        success(codes.redeem(credentials(lax), new CodeRedemption(code.code(), REDIRECT_URI, null), deployment.ray));
    }

    @Test
    void rfc7636_4_2_malformedChallengesAreRefused() {
        for (String wrong : List.of("", CHALLENGE + "=", CHALLENGE.substring(1), CHALLENGE + "a", "a".repeat(129))) {
            refused(
                    codes.issue(codeRequest(client).codeChallenge(wrong).build(), deployment.ray),
                    ServiceError.INVALID_REQUEST);
        }
        refused(
                codes.issue(codeRequest(client).codeChallengeMethod("S512").build(), deployment.ray),
                ServiceError.INVALID_REQUEST);
        refused(
                codes.issue(codeRequest(client).codeChallenge(null).build(), deployment.ray),
                ServiceError.INVALID_REQUEST);
    }

    @Test
    void rfc6749_4_1_2_1_requestsThatAreNotTheClientsToMakeAreRefusedAndWriteNothing() {
        refused(
                codes.issue(codeRequest(client).clientIdentifier("nobody").build(), deployment.ray),
                ServiceError.INVALID_CLIENT);
        refused(
                codes.issue(
                        codeRequest(client).redirectUri("https://evil.example").build(), deployment.ray),
                ServiceError.INVALID_REQUEST);
        refused(
                codes.issue(codeRequest(client).scopes(Set.of("read", "admin")).build(), deployment.ray),
                ServiceError.INVALID_SCOPE);
        OAuthClient disabled = deployment.client(row -> row.isEnabled(false), config -> config);
        refused(codes.issue(codeRequest(disabled).build(), deployment.ray), ServiceError.INVALID_CLIENT);
        OAuthClient otherGrant =
                deployment.client(row -> row.grantTypes(Set.of("client_credentials")), config -> config);
        refused(codes.issue(codeRequest(otherGrant).build(), deployment.ray), ServiceError.UNAUTHORIZED_CLIENT);
        OAuthClient otherType = deployment.client(row -> row, config -> config.responseTypes(Set.of()));
        refused(codes.issue(codeRequest(otherType).build(), deployment.ray), ServiceError.UNAUTHORIZED_CLIENT);
        assertThat(deployment.entries()).isEmpty();
    }

    @Test
    void rfc6749_3_2_1_theClientIsAuthenticatedBeforeAnythingIsLookedAt() {
        IssuedCode code = deployment.code(client);
        String id = client.clientIdentifier();
        for (ClientCredentials wrong : List.of(
                ClientCredentials.secret(id, "wrong"),
                ClientCredentials.secret(id, ""),
                ClientCredentials.none(id),
                ClientCredentials.secret("nobody", Deployment.SECRET),
                ClientCredentials.none("nobody"),
                ClientCredentials.verified("nobody"))) {
            refused(codes.redeem(wrong, redemption(code), deployment.ray), ServiceError.INVALID_CLIENT);
        }
        assertThat(stored(code).consumedAt()).isNull();
        success(codes.redeem(ClientCredentials.verified(id), redemption(code), deployment.ray));
    }

    @Test
    void anUnknownCodeIsInvalidGrant() {
        refused(
                codes.redeem(
                        credentials(client), new CodeRedemption("unknown", REDIRECT_URI, VERIFIER), deployment.ray),
                ServiceError.INVALID_GRANT);
    }

    @Test
    void aClientWithoutTheRefreshGrantGetsNoRefreshToken() {
        OAuthClient without = deployment.client(row -> row.grantTypes(Set.of("authorization_code")), config -> config);
        assertThat(deployment.tokens(without).refreshToken()).isNull();
    }

    @Test
    void aCodeOfARevokedFamilyIsRefused() {
        IssuedCode code = deployment.code(client);
        join(deployment
                .storage
                .authorizations()
                .revoke(code.authorizationId(), Attempt.of(deployment.clock.instant(), "test"), deployment.ray));
        refused(codes.redeem(credentials(client), redemption(code), deployment.ray), ServiceError.INVALID_GRANT);
        assertThat(stored(code).consumedAt()).isNull();
    }

    @Test
    void whatNoRowTakesIsRefusedInWordsAndNothingIsStored() {
        for (CodeRequestBuilder odd : List.of(
                codeRequest(client).userId(" "),
                codeRequest(client).userId("a".repeat(256)),
                codeRequest(client).userId("line\nbreak"),
                codeRequest(client).attributes(Map.of("large", "x".repeat(20_000))),
                codeRequest(client).metadata(Map.of("object", new Object())))) {
            refused(codes.issue(odd.build(), deployment.ray), ServiceError.INVALID);
        }
        refused(
                codes.issue(codeRequest(client).clientIdentifier("half \ud800").build(), deployment.ray),
                ServiceError.INVALID_CLIENT);
        refused(
                codes.redeem(
                        ClientCredentials.secret("half \ud800", "half \ud800"),
                        new CodeRedemption("half \ud800", null, null),
                        deployment.ray),
                ServiceError.INVALID_CLIENT);
        refused(
                codes.redeem(credentials(client), new CodeRedemption("half \ud800", null, null), deployment.ray),
                ServiceError.INVALID_GRANT);
        assertThat(deployment.entries()).isEmpty();
    }

    @Test
    void aClientWithManyLongScopesIsServed() {
        Set<String> many = IntStream.range(0, 200)
                .mapToObj(number -> number + "-" + "s".repeat(200))
                .collect(Collectors.toSet());
        OAuthClient wide = deployment.client(row -> row.scopes(many), config -> config);
        IssuedCode code = success(codes.issue(codeRequest(wide).scopes(null).build(), deployment.ray));
        assertThat(success(codes.redeem(credentials(wide), redemption(code), deployment.ray))
                        .scopes())
                .isEqualTo(many);
    }

    @Test
    void aClientThatIsDeletedMeanwhileIsToldSo() {
        LostAnswers storage = new LostAnswers(deployment.storage);
        storage.comesFirst(() -> join(deployment.storage.clients().deleteById(client.id(), deployment.ray)));
        try (OAuthServices services = OAuthServices.builder(storage.storage(), deployment.keys::get)
                .clock(deployment.clock)
                .build()) {
            refused(services.codes().issue(codeRequest(client).build(), deployment.ray), ServiceError.INVALID_CLIENT);
        }
    }

    @Test
    void checkSaysWhatIssueWouldSayAndWritesNothing() {
        assertThat(success(codes.check(codeRequest(client).build(), deployment.ray)))
                .isEqualTo(REDIRECT_URI);
        refused(
                codes.check(codeRequest(client).scopes(Set.of("admin")).build(), deployment.ray),
                ServiceError.INVALID_SCOPE);
        assertThat(deployment.entries()).isEmpty();
    }

    @Test
    void whatHoldsSecretsDoesNotPrintThem() {
        IssuedCode code = deployment.code(client);
        CodeRedemption redemption = redemption(code);
        IssuedTokens tokens = success(codes.redeem(credentials(client), redemption, deployment.ray));
        CodeRequestBuilder request = codeRequest(client).codeChallenge("the-challenge");
        assertThat(code + " " + redemption + " " + tokens + " " + credentials(client) + " " + request + request.build())
                .doesNotContain(code.code())
                .doesNotContain(VERIFIER)
                .doesNotContain(tokens.accessToken())
                .doesNotContain(refreshToken(tokens))
                .doesNotContain(Deployment.SECRET)
                .doesNotContain("the-challenge");
    }
}
