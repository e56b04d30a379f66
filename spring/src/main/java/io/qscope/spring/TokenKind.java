package io.qscope.spring;

import io.qscope.model.RayId;
import io.qscope.model.Row;
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
    ACCESS_TOKEN(OAuth2ParameterNames.ACCESS_TOKEN, Slot.ACCESS_TOKEN),
    REFRESH_TOKEN(OAuth2ParameterNames.REFRESH_TOKEN, Slot.REFRESH_TOKEN),
    STATE(OAuth2ParameterNames.STATE, Slot.REQUEST),
    CODE(OAuth2ParameterNames.CODE, Slot.CODE),
    ID_TOKEN(OidcParameterNames.ID_TOKEN, Slot.ID_TOKEN),
    DEVICE_CODE(OAuth2ParameterNames.DEVICE_CODE, Slot.DEVICE_CODE),
    USER_CODE(OAuth2ParameterNames.USER_CODE, Slot.DEVICE_CODE);

    private final String type;
    private final Slot slot;

    TokenKind(String type, Slot slot) {
        this.type = type;
        this.slot = slot;
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

    /** Which of an authorization's rows holds it. */
    Slot slot() {
        return slot;
    }

    /** The row with that digest, dead ones too. */
    CompletableFuture<Optional<Row>> find(Storage storage, TokenDigest digest, RayId ray) {
        return switch (this) {
            case ACCESS_TOKEN -> row(storage.accessTokens().getByToken(digest, ray));
            case REFRESH_TOKEN -> row(storage.refreshTokens().getByToken(digest, ray));
            case STATE -> row(storage.authorizationRequests().getByHandle(digest, ray));
            case CODE -> row(storage.authorizationCodes().getByCode(digest, ray));
            case ID_TOKEN -> row(storage.idTokens().getByToken(digest, ray));
            case DEVICE_CODE -> row(storage.deviceCodes().getByDeviceCode(digest, ray));
            case USER_CODE -> row(storage.deviceCodes().getByUserCode(digest, ray));
        };
    }

    private static <T extends Row> CompletableFuture<Optional<Row>> row(CompletableFuture<Optional<T>> found) {
        return found.thenApply(row -> row.map(Row.class::cast));
    }
}
