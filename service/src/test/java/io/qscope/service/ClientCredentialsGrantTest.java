package io.qscope.service;

import static io.qscope.service.Deployment.credentials;
import static io.qscope.service.Deployment.refused;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditEvent;
import io.qscope.model.OAuthClient;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens of a client for itself (RFC 6749 section 4.4). */
@ParameterizedClass
@EnumSource
class ClientCredentialsGrantTest extends TokenScenarios {

    ClientCredentialsGrantTest(Engine engine) {
        super(engine);
    }

    @Test
    void rfc6749_4_4_aClientGetsATokenForItselfAndNoRefreshToken() {
        IssuedTokens issued = success(tokens.clientCredentials(
                credentials(client), Set.of("read"), Map.of("aud", "https://api.example"), deployment.ray));
        assertThat(issued.refreshToken()).isNull();
        assertThat(issued.userId()).isNull();
        assertThat(issued.authorizationId()).isNull();
        assertThat(issued.scopes()).containsExactly("read");
        assertThat(deployment.isActive(client, issued.accessToken())).isTrue();
        assertThat(deployment.entries(AuditEvent.CLIENT_TOKEN_ISSUED, issued.accessTokenId()))
                .hasSize(1);
    }

    @Test
    void rfc6749_3_3_withoutAScopeAllOfTheClientsAreMeantAndOthersAreRefused() {
        assertThat(success(tokens.clientCredentials(credentials(client), null, Map.of(), deployment.ray))
                        .scopes())
                .containsExactlyInAnyOrder("read", "write");
        refused(
                tokens.clientCredentials(credentials(client), Set.of("admin"), Map.of(), deployment.ray),
                ServiceError.INVALID_SCOPE);
    }

    @Test
    void rfc6749_4_4_aPublicClientMayNotUseIt() {
        OAuthClient open = deployment.publicClient();
        refused(
                tokens.clientCredentials(credentials(open), null, Map.of(), deployment.ray),
                ServiceError.UNAUTHORIZED_CLIENT);
        OAuthClient other = deployment.client(row -> row.grantTypes(Set.of("refresh_token")), config -> config);
        refused(
                tokens.clientCredentials(credentials(other), null, Map.of(), deployment.ray),
                ServiceError.UNAUTHORIZED_CLIENT);
        assertThat(deployment.entries()).isEmpty();
    }

    /** RFC 9700 §4.15: a client may have a user's name as its identifier. */
    @Test
    void rfc9700_4_15_aClientIsNoSubject() {
        IssuedTokens own = success(tokens.clientCredentials(credentials(client), null, Map.of(), deployment.ray));
        assertThat(success(tokens.introspect(credentials(client), own.accessToken(), null, deployment.ray))
                        .claims())
                .doesNotContainKey("sub")
                .containsEntry("client_id", client.clientIdentifier());
    }
}
