package io.qscope.service;

import static io.qscope.service.Deployment.credentials;
import static io.qscope.service.Deployment.done;
import static io.qscope.service.Deployment.refreshToken;
import static io.qscope.service.Deployment.refused;
import static io.qscope.service.Deployment.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.audit.AuditEvent;
import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import io.qscope.model.OAuthClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A key leaves the ring when nothing live needs it, and nobody is logged out by that. */
@ParameterizedClass
@EnumSource
class KeyServiceTest {

    private final Engine engine;

    private Deployment deployment;
    private OAuthClient client;

    KeyServiceTest(Engine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open() {
        deployment =
                Deployment.on(engine, ServicePolicy.builder().keyedTokens(true).build());
        client = deployment.client();
    }

    @AfterEach
    void close() {
        deployment.close();
    }

    private void refuse(String keyId, ServiceError error) {
        refused(deployment.services.keys().retire(keyId, deployment.ray), error);
    }

    @Test
    void aKeyIsRetiredOnceItsLastTokenIsOver() {
        IssuedTokens tokens = deployment.tokens(client);
        refuse("first", ServiceError.CONFLICT);
        refuse("nobody's", ServiceError.NOT_FOUND);
        deployment.keys.updateAndGet(ring -> ring.writingWith(Key.generate("second")));
        refuse("first", ServiceError.CONFLICT);
        refuse("second", ServiceError.CONFLICT);

        // Rotation by use: the refresh token moves to the new key, and the old access token runs out.
        IssuedTokens refreshed = success(
                deployment.services.tokens().refresh(credentials(client), refreshToken(tokens), null, deployment.ray));
        refuse("first", ServiceError.CONFLICT);
        deployment.clock.advance(Duration.ofMinutes(10));
        // By the rotated one a replay is known for as long as it could have been good itself.
        refuse("first", ServiceError.CONFLICT);
        deployment.clock.advance(Duration.ofDays(20));
        refreshed = success(deployment
                .services
                .tokens()
                .refresh(credentials(client), refreshToken(refreshed), null, deployment.ray));
        deployment.clock.advance(Duration.ofDays(10));
        KeyRing without = success(deployment.services.keys().retire("first", deployment.ray));
        assertThat(without.readable()).extracting(Key::id).containsExactly("second");
        assertThat(deployment.entries(AuditEvent.KEY_RETIRED, "first")).isEmpty();
        done(deployment.services.keys().recordRetirement("first", "operator", deployment.ray));
        assertThat(deployment.entries(AuditEvent.KEY_RETIRED, "first"))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.createdBy()).isEqualTo("operator");
                });
        deployment.keys.set(without);
        assertThat(deployment.isActive(client, refreshToken(refreshed))).isTrue();
    }

    @Test
    void aUserCodeKeepsItsKey() {
        OAuthServices plain = deployment.services(ServicePolicy.defaults());
        DeviceAuthorization codes = success(plain.devices().authorize(credentials(client), null, deployment.ray));
        deployment.keys.updateAndGet(ring -> ring.writingWith(Key.generate("second")));
        refuse("first", ServiceError.CONFLICT);
        done(plain.userCodes().deny(codes.userCode(), null, "address", deployment.ray));
        success(deployment.services.keys().retire("first", deployment.ray));
        plain.close();
    }
}
