package io.qscope.spring;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2DeviceCode;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.core.OAuth2UserCode;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization.Token;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;

/** The classes of tokens that there are rows for. */
final class KnownTokens {

    /** What Spring Authorization Server issues; a class of one's own, though it extends one of these, is another one. */
    static final List<Class<? extends OAuth2Token>> CLASSES = List.of(
            OAuth2AuthorizationCode.class,
            OAuth2AccessToken.class,
            OAuth2RefreshToken.class,
            OidcIdToken.class,
            OAuth2DeviceCode.class,
            OAuth2UserCode.class);

    private KnownTokens() {}

    /**
     * Spring does not tell which tokens an authorization has, but whether it equals one that has the known ones only.
     *
     * @throws IllegalArgumentException when it has another one
     */
    static void refuseOthers(OAuth2Authorization given) {
        AuthorizationMapping.Builder alike = new AuthorizationMapping.Builder(given.getRegisteredClientId());
        alike.id(given.getId())
                .principalName(given.getPrincipalName())
                .authorizationGrantType(given.getAuthorizationGrantType())
                .authorizedScopes(given.getAuthorizedScopes())
                .attributes(all -> all.putAll(given.getAttributes()));
        for (Class<? extends OAuth2Token> type : CLASSES) {
            copy(given.getToken(type), alike);
        }
        if (!alike.build().equals(given)) {
            throw new IllegalArgumentException(
                    "the authorization has a token of a class that cannot be stored; those that can"
                            + " are OAuth2AuthorizationCode, OAuth2AccessToken, OAuth2RefreshToken, OidcIdToken, OAuth2DeviceCode and"
                            + " OAuth2UserCode, and no subclasses of these");
        }
    }

    private static void copy(@Nullable Token<? extends OAuth2Token> token, AuthorizationMapping.Builder to) {
        if (token != null) {
            to.token(token.getToken(), metadata -> {
                metadata.clear();
                metadata.putAll(token.getMetadata());
            });
        }
    }
}
