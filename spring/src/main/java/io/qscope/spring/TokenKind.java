package io.qscope.spring;

import io.qscope.model.Family;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.Storage;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;

/** What an authorization is looked up by. In the order in which a value of an unknown kind is taken for one or another. */
enum TokenKind {
    ACCESS_TOKEN(OAuth2ParameterNames.ACCESS_TOKEN),
    REFRESH_TOKEN(OAuth2ParameterNames.REFRESH_TOKEN),
    STATE(OAuth2ParameterNames.STATE),
    CODE(OAuth2ParameterNames.CODE),
    ID_TOKEN(OidcParameterNames.ID_TOKEN),
    DEVICE_CODE(OAuth2ParameterNames.DEVICE_CODE),
    USER_CODE(OAuth2ParameterNames.USER_CODE);

    private final String type;

    TokenKind(String type) {
        this.type = type;
    }

    /** The kind that Spring means by a type; none: a type that nothing is stored as. */
    static @Nullable TokenKind of(OAuth2TokenType type) {
        for (TokenKind kind : values()) {
            if (kind.type.equals(type.getValue())) {
                return kind;
            }
        }
        return null;
    }

    /** The family of the row with that digest, a dead one too. */
    CompletableFuture<Optional<Family>> find(Storage storage, TokenDigest digest, RayId ray) {
        return switch (this) {
            case ACCESS_TOKEN -> storage.accessTokens().getFamily(digest, ray);
            case REFRESH_TOKEN -> storage.refreshTokens().getFamily(digest, ray);
            case STATE -> storage.authorizationRequests().getFamily(digest, ray);
            case CODE -> storage.authorizationCodes().getFamily(digest, ray);
            case ID_TOKEN -> storage.idTokens().getFamily(digest, ray);
            case DEVICE_CODE -> storage.deviceCodes().getFamilyByDeviceCode(digest, ray);
            case USER_CODE -> storage.deviceCodes().getFamilyByUserCode(digest, ray);
        };
    }
}
