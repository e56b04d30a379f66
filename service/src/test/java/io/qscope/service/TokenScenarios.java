package io.qscope.service;

import static io.qscope.service.Deployment.credentials;
import static io.qscope.service.Deployment.join;
import static io.qscope.service.Deployment.refreshToken;
import static io.qscope.service.Deployment.refused;
import static io.qscope.service.Deployment.success;

import io.qscope.model.OAuthClient;
import io.qscope.model.RefreshToken;
import io.qscope.model.TokenDigest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** One client of a deployment, and what tests of its tokens do again and again. */
abstract class TokenScenarios {

    private final Engine engine;

    Deployment deployment;
    TokenService tokens;
    OAuthClient client;

    TokenScenarios(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    final void open() {
        deployment = Deployment.on(engine);
        tokens = deployment.services.tokens();
        client = deployment.client();
    }

    @AfterEach
    final void close() {
        deployment.close();
    }

    final IssuedTokens refresh(OAuthClient by, String refreshToken) {
        return success(tokens.refresh(credentials(by), refreshToken, null, deployment.ray));
    }

    final void refuseRefresh(OAuthClient by, String refreshToken, ServiceError error) {
        refused(tokens.refresh(credentials(by), refreshToken, null, deployment.ray), error);
    }

    final RefreshToken stored(String refreshToken) {
        return join(deployment.storage.refreshTokens().getByToken(TokenDigest.sha256(refreshToken), deployment.ray))
                .orElseThrow();
    }
}
