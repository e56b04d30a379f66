package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.qscope.model.RayId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.security.oauth2.core.AbstractOAuth2Token;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2DeviceCode;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.core.OAuth2UserCode;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;

/** What is saved comes back, every field of it but the values. */
@ParameterizedClass
@EnumSource(TestEngine.class)
class LosslessAuthorizationTest {

    private static final Map<String, Integer> VALUE_BY_TYPE =
            Map.of("code", 0, "access_token", 1, "refresh_token", 2, "id_token", 3, "device_code", 4, "user_code", 5);

    private final TestServer server;
    private final OAuth2Authorization full;

    LosslessAuthorizationTest(TestEngine engine) throws Exception {
        server = TestServer.rotating(TestEngine.open(engine.newUrl()));
        full = FullAuthorization.of(server.client);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private OAuth2Authorization found(OAuth2Authorization saved) {
        return Objects.requireNonNull(server.service.findById(saved.getId()));
    }

    private void assertStored(OAuth2Authorization expected) {
        assertThat(Alike.differences(expected, found(expected))).isEmpty();
    }

    @Test
    void theAuthorizationOfTheseTestsHasEveryField() throws Exception {
        assertThat(Alike.emptyFields(full)).isEmpty();
        for (Class<? extends OAuth2Token> type : KnownTokens.CLASSES) {
            assertThat(Alike.emptyFields(TestServer.token(full, type))).isEmpty();
            assertThat(Alike.emptyFields(TestServer.token(full, type).getToken()))
                    .isEmpty();
        }
    }

    @Test
    void everyFieldComesBack() {
        server.service.save(full);
        assertStored(full);
    }

    @Test
    void whatIsPresentedComesBackAndTheRestAreNoValues() {
        server.service.save(full);
        for (Map.Entry<String, Integer> each : VALUE_BY_TYPE.entrySet()) {
            String value = FullAuthorization.VALUES.get(each.getValue());
            for (OAuth2TokenType type : new OAuth2TokenType[] {new OAuth2TokenType(each.getKey()), null}) {
                OAuth2Authorization found = Objects.requireNonNull(server.service.findByToken(value, type));
                assertThat(Alike.differences(full, found)).isEmpty();
                assertThat(found.getToken(value)).isNotNull();
                for (Class<? extends OAuth2Token> other : KnownTokens.CLASSES) {
                    String shown = TestServer.token(found, other).getToken().getTokenValue();
                    assertThat(shown.equals(value) || server.service.findByToken(shown, null) == null)
                            .isTrue();
                }
            }
        }
        OAuth2Authorization found = Objects.requireNonNull(
                server.service.findByToken(FullAuthorization.STATE, new OAuth2TokenType("state")));
        assertThat((String) found.getAttribute("state")).isEqualTo(FullAuthorization.STATE);
    }

    @Test
    void aValueIsNotFoundAsAnotherType() {
        server.service.save(full);
        for (Map.Entry<String, Integer> each : VALUE_BY_TYPE.entrySet()) {
            for (String type :
                    List.of("code", "access_token", "refresh_token", "id_token", "device_code", "state", "x")) {
                String value = FullAuthorization.VALUES.get(each.getValue());
                assertThat(server.service.findByToken(value, new OAuth2TokenType(type)) != null)
                        .isEqualTo(type.equals(each.getKey()));
            }
        }
    }

    @Test
    void anUnchangedSaveChangesNothing() {
        server.service.save(full);
        for (int i = 0; i < 3; i++) {
            server.service.save(found(full));
            server.service.save(OAuth2Authorization.from(found(full)).build());
            server.service.save(full);
        }
        assertStored(full);
        assertThat(server.storage
                        .authorizations()
                        .getById(full.getId(), RayId.random())
                        .join()
                        .orElseThrow()
                        .version())
                .isEqualTo(1);
    }

    @Test
    void everyChangeIsStored() {
        server.service.save(full);
        OAuth2Authorization changed = OAuth2Authorization.from(found(full))
                .principalName("bob")
                .authorizationGrantType(AuthorizationGrantType.JWT_BEARER)
                .authorizedScopes(Set.of("other"))
                .attribute("another", Instant.now())
                .attributes(attributes -> attributes.remove("scope"))
                .build();
        server.service.save(changed);
        assertStored(changed);
    }

    @Test
    void changedMetadataOfEveryTokenIsStored() {
        server.service.save(full);
        for (Class<? extends OAuth2Token> type : KnownTokens.CLASSES) {
            OAuth2Authorization loaded = found(full);
            OAuth2Authorization changed = OAuth2Authorization.from(loaded)
                    .token(
                            TestServer.token(loaded, type).getToken(),
                            metadata -> metadata.put("changed", type.getName()))
                    .build();
            server.service.save(changed);
            assertStored(changed);
        }
    }

    @Test
    void aTokenThatIsInvalidatedStaysSo() {
        for (Class<? extends OAuth2Token> type :
                List.of(OidcIdToken.class, OAuth2AccessToken.class, OAuth2UserCode.class, OAuth2RefreshToken.class)) {
            server.service.save(full);
            OAuth2Authorization stale = found(full);
            OAuth2Authorization invalidated = FullAuthorization.invalidated(found(full), type);
            server.service.save(invalidated);
            assertThat(TestServer.token(found(full), type).isInvalidated()).isTrue();
            if (type != OAuth2RefreshToken.class) {
                assertThat(Alike.differences(invalidated, found(full))).isEmpty();
            }
            server.service.save(
                    OAuth2Authorization.from(stale).attribute("later", 1).build());
            assertThat(TestServer.token(found(full), type).isInvalidated()).isTrue();
            assertThat((Integer) found(full).getAttribute("later")).isEqualTo(1);
            server.service.remove(full);
        }
    }

    @Test
    void aTokenThatIsBornInvalidatedIsStored() {
        for (Class<? extends OAuth2Token> type : KnownTokens.CLASSES) {
            OAuth2Authorization born = FullAuthorization.invalidated(full, type);
            server.service.save(born);
            assertStored(born);
            server.service.remove(born);
            assertThat(server.service.findById(born.getId())).isNull();
        }
    }

    @Test
    void aTokenWithoutInstantsAndMetadataIsStored() {
        OAuth2Authorization bare = OAuth2Authorization.withRegisteredClient(server.client)
                .principalName("alice")
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .token(new OAuth2AccessToken(OAuth2AccessToken.TokenType.BEARER, "bare", null, null), Map::clear)
                .token(new OAuth2RefreshToken("bare refresh", null))
                .build();
        server.service.save(bare);
        assertStored(bare);
    }

    @Test
    void aDeviceCodeAloneIsStoredAndSoIsAUserCode() {
        OAuth2Authorization.Builder builder = OAuth2Authorization.withRegisteredClient(server.client)
                .principalName("client")
                .authorizationGrantType(AuthorizationGrantType.DEVICE_CODE);
        OAuth2Authorization device = builder.token(
                        new OAuth2DeviceCode("device alone", FullAuthorization.ISSUED, FullAuthorization.EXPIRES))
                .build();
        server.service.save(device);
        assertStored(device);
        OAuth2Authorization both = OAuth2Authorization.from(found(device))
                .token(new OAuth2UserCode("user too", FullAuthorization.ISSUED, FullAuthorization.EXPIRES))
                .build();
        server.service.save(both);
        assertStored(both);
        assertThat(server.service.findByToken("device alone", null)).isNotNull();
        assertThat(server.service.findByToken("user too", null)).isNotNull();
    }

    @Test
    void whatCannotBeStoredIsRefusedByItsName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.service.save(OAuth2Authorization.from(full)
                        .attribute("my.attribute", new Object())
                        .build()))
                .withMessageContaining("my.attribute");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.service.save(OAuth2Authorization.from(full)
                        .token(
                                TestServer.token(full, OAuth2AccessToken.class).getToken(),
                                metadata -> metadata.put("my.metadata", new Object()))
                        .build()))
                .withMessageContaining("my.metadata");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.service.save(OAuth2Authorization.from(full)
                        .authorizedScopes(Set.of("two words"))
                        .build()))
                .withMessageContaining("scopes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.service.save(
                        OAuth2Authorization.from(full).token(new CustomToken()).build()))
                .withMessageContaining("class");
        assertThat(server.service.findById(full.getId())).isNull();
    }

    @Test
    void anUnknownClientIsRefused() {
        OAuth2Authorization.Builder builder = new AuthorizationMapping.Builder("no such client")
                .principalName("alice")
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.service.save(builder.build()))
                .withMessageContaining("no such client");
    }

    @SuppressWarnings("serial")
    private static final class CustomToken extends AbstractOAuth2Token {
        CustomToken() {
            super("custom");
        }
    }
}
