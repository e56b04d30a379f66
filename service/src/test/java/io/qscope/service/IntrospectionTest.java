package io.qscope.service;

import static io.qscope.service.Deployment.USER;
import static io.qscope.service.Deployment.credentials;
import static io.qscope.service.Deployment.done;
import static io.qscope.service.Deployment.join;
import static io.qscope.service.Deployment.refreshToken;
import static io.qscope.service.Deployment.refused;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.OAuthClient;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Introspection (RFC 7662). */
@ParameterizedClass
@EnumSource
class IntrospectionTest extends TokenScenarios {

    IntrospectionTest(Engine engine) {
        super(engine);
    }

    @Test
    void rfc7662_2_2_anActiveTokenIsDescribed() {
        OAuthServices named = deployment.services(
                ServicePolicy.builder().issuer("https://server.example").build());
        IssuedTokens issued = deployment.tokens(client);
        Introspection about =
                success(named.tokens().introspect(credentials(client), issued.accessToken(), null, deployment.ray));
        long now = deployment.clock.instant().getEpochSecond();
        assertThat(about.response())
                .containsEntry("active", true)
                .containsEntry("scope", String.join(" ", issued.scopes()))
                .containsEntry("client_id", client.clientIdentifier())
                .containsEntry("sub", USER)
                .containsEntry("token_type", "Bearer")
                .containsEntry("iat", now)
                .containsEntry("nbf", now)
                .containsEntry("exp", now + client.config().accessTokenTtl().toSeconds())
                .containsEntry("iss", "https://server.example")
                .containsEntry("jti", issued.accessTokenId());
        named.close();
    }

    @Test
    void rfc7662_2_2_whateverIsNotGoodIsInactiveAndNothingMore() {
        IssuedTokens issued = deployment.tokens(client);
        done(tokens.revoke(credentials(client), issued.accessToken(), null, deployment.ray));
        IssuedTokens expired = deployment.tokens(client);
        deployment.clock.advance(client.config().accessTokenTtl());
        for (String token : List.of("unknown", "", issued.accessToken(), expired.accessToken())) {
            assertThat(success(tokens.introspect(credentials(client), token, null, deployment.ray))
                            .response())
                    .containsOnly(Map.entry("active", false));
        }
    }

    @Test
    void rfc7662_2_1_theHintIsOnlyAHint() {
        IssuedTokens issued = deployment.tokens(client);
        for (String hint : new String[] {null, "access_token", "refresh_token", "nonsense"}) {
            for (String token : List.of(issued.accessToken(), refreshToken(issued))) {
                assertThat(success(tokens.introspect(credentials(client), token, hint, deployment.ray))
                                .active())
                        .isTrue();
            }
        }
    }

    @Test
    void rfc7662_4_onlyAuthenticatedConfidentialClientsMayAskAndOnlyWhatThePolicyAllows() {
        IssuedTokens issued = deployment.tokens(client);
        OAuthClient open = deployment.publicClient();
        refused(
                tokens.introspect(credentials(open), issued.accessToken(), null, deployment.ray),
                ServiceError.INVALID_CLIENT);
        refused(
                tokens.introspect(
                        ClientCredentials.secret(client.clientIdentifier(), "wrong"),
                        issued.accessToken(),
                        null,
                        deployment.ray),
                ServiceError.INVALID_CLIENT);
        OAuthClient other = deployment.client();
        assertThat(deployment.isActive(other, issued.accessToken())).isTrue();
        assertThat(deployment.isActive(other, refreshToken(issued))).isFalse();
        OAuthServices strict = deployment.services(ServicePolicy.builder()
                .mayIntrospect((caller, token) -> caller.id().equals(token.clientId()))
                .build());
        assertThat(success(strict.tokens().introspect(credentials(other), issued.accessToken(), null, deployment.ray))
                        .active())
                .isFalse();
        assertThat(success(strict.tokens().introspect(credentials(client), issued.accessToken(), null, deployment.ray))
                        .active())
                .isTrue();
        strict.close();
    }

    @Test
    void tokensOfADisabledClientAreInactiveUntilItIsEnabledAgain() {
        IssuedTokens issued = deployment.tokens(client);
        OAuthClient other = deployment.client();
        join(deployment
                .storage
                .clients()
                .update(client.toBuilder().version(1).isEnabled(false).build(), deployment.ray));
        assertThat(deployment.isActive(other, issued.accessToken())).isFalse();
        join(deployment.storage.clients().update(client.toBuilder().version(2).build(), deployment.ray));
        assertThat(deployment.isActive(other, issued.accessToken())).isTrue();
    }
}
