package io.qscope.service;

import static io.qscope.service.Deployment.credentials;
import static io.qscope.service.Deployment.done;
import static io.qscope.service.Deployment.refreshToken;
import static io.qscope.service.Deployment.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditEvent;
import io.qscope.model.OAuthClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Revocation (RFC 7009). */
@ParameterizedClass
@EnumSource
class RevocationTest extends TokenScenarios {

    RevocationTest(Engine engine) {
        super(engine);
    }

    @Test
    void rfc7009_2_1_revokingAnAccessTokenEndsItAlone() {
        IssuedTokens issued = deployment.tokens(client);
        done(tokens.revoke(credentials(client), issued.accessToken(), null, deployment.ray));
        assertThat(deployment.isActive(client, issued.accessToken())).isFalse();
        assertThat(deployment.isActive(client, refreshToken(issued))).isTrue();
        done(tokens.revoke(credentials(client), issued.accessToken(), null, deployment.ray));
        assertThat(deployment.entries(AuditEvent.ACCESS_TOKEN_REVOKED, issued.accessTokenId()))
                .hasSize(1);
    }

    @Test
    void rfc7009_2_1_revokingARefreshTokenEndsItsFamily() {
        IssuedTokens first = deployment.tokens(client);
        IssuedTokens second = refresh(client, refreshToken(first));
        done(tokens.revoke(credentials(client), refreshToken(second), "access_token", deployment.ray));
        for (String token : List.of(first.accessToken(), second.accessToken(), refreshToken(second))) {
            assertThat(deployment.isActive(client, token)).isFalse();
        }
        assertThat(deployment.entries(AuditEvent.REFRESH_TOKEN_REVOKED, String.valueOf(first.authorizationId())))
                .hasSize(1);
    }

    @Test
    void rfc7009_2_2_anUnknownTokenIsASuccessAndWritesNothing() {
        done(tokens.revoke(credentials(client), "unknown", null, deployment.ray));
        assertThat(deployment.entries()).isEmpty();
    }

    @Test
    void rfc7009_2_1_anotherClientsTokenIsRefusedAndStaysGood() {
        IssuedTokens issued = deployment.tokens(client);
        OAuthClient other = deployment.client();
        for (String token : List.of(issued.accessToken(), refreshToken(issued))) {
            refused(tokens.revoke(credentials(other), token, null, deployment.ray), ServiceError.INVALID_GRANT);
            assertThat(deployment.isActive(client, token)).isTrue();
        }
    }
}
