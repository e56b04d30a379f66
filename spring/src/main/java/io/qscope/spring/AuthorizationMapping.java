package io.qscope.spring;

import io.qscope.model.AccessToken;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.DeviceCode;
import io.qscope.model.DeviceCodeState;
import io.qscope.model.Family;
import io.qscope.model.IdToken;
import io.qscope.model.RefreshToken;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2DeviceCode;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.core.OAuth2UserCode;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;

/** Makes Spring's authorizations of rows. */
final class AuthorizationMapping {

    private final ValueCodec codec;
    private final TokenMetadata metadata;

    AuthorizationMapping(ValueCodec codec) {
        this.codec = codec;
        this.metadata = new TokenMetadata(codec);
    }

    /** To what a root's attributes are sealed. */
    static String attributesOf(String rootId) {
        return rootId + ".attributes";
    }

    /**
     * An authorization to be built, of a family.
     *
     * @param presented the value that it was found by, which comes back; for every other one there is a placeholder
     * @throws UnreadableValueException when a row of it is damaged, or none of this adapter's
     */
    Builder authorization(Family family, @Nullable Presented presented) {
        try {
            Builder builder = root(family);
            tokens(new Tokens(builder, family, presented));
            return builder;
        } catch (IllegalArgumentException | DateTimeException | ClassCastException e) {
            throw new UnreadableValueException("it is damaged: what is stored makes no authorization");
        }
    }

    private Builder root(Family family) {
        RootAttributes stored = RootAttributes.of(family.root());
        Builder builder = new Builder(family.root().clientId());
        builder.id(family.root().id())
                .principalName(stored.principalName())
                .authorizationGrantType(new AuthorizationGrantType(stored.grantType()))
                .authorizedScopes(family.root().scopes())
                .attributes(all -> all.putAll(codec.decode(
                        stored.attributes(), attributesOf(family.root().id()))));
        return builder;
    }

    private void tokens(Tokens tokens) {
        Family family = tokens.family;
        AuthorizationRequest request = family.request();
        if (request != null && request.consumedAt() == null) {
            tokens.builder.attribute(
                    OAuth2ParameterNames.STATE, tokens.value(TokenKind.STATE, Placeholders.of(request.id())));
        }
        AuthorizationCode code = family.code();
        if (code != null) {
            TokenFields fields = metadata.read(code.metadata(), Set.of(), code.id());
            tokens.add(TokenKind.CODE, code.id(), fields.invalidated(isSpent(code)));
        }
        AccessToken access = family.accessToken();
        if (access != null) {
            TokenFields fields = metadata.read(access.metadata(), access.scopes(), access.id());
            tokens.add(TokenKind.ACCESS_TOKEN, access.id(), fields.invalidated(isSpent(access)));
        }
        RefreshToken refresh = family.refreshToken();
        if (refresh != null) {
            TokenFields fields = metadata.read(refresh.metadata(), Set.of(), refresh.id());
            tokens.add(TokenKind.REFRESH_TOKEN, refresh.id(), fields.invalidated(isSpent(refresh)));
        }
        // An ID token says who somebody is, and lets nobody in: it stays good for logging out when its family is
        // revoked.
        IdToken idToken = family.idToken();
        if (idToken != null) {
            tokens.add(TokenKind.ID_TOKEN, idToken.id(), metadata.read(idToken.metadata(), Set.of(), idToken.id()));
        }
        DeviceCode device = family.deviceCode();
        if (device != null) {
            deviceCode(tokens, device);
        }
    }

    private void deviceCode(Tokens tokens, DeviceCode row) {
        TokenFields device = metadata.readDeviceCode(row.metadata(), row.id());
        if (device != null) {
            tokens.add(TokenKind.DEVICE_CODE, row.id(), device.invalidated(isDeviceCodeSpent(row)));
        }
        TokenFields user = metadata.readUserCode(row.metadata(), row.id());
        if (user != null) {
            tokens.add(TokenKind.USER_CODE, row.id(), user.invalidated(isUserCodeSpent(row)));
        }
    }

    private static boolean isSpent(AuthorizationCode row) {
        return row.authorizationRevokedAt() != null || row.consumedAt() != null;
    }

    private static boolean isSpent(AccessToken row) {
        return row.authorizationRevokedAt() != null || row.revokedAt() != null;
    }

    private static boolean isSpent(RefreshToken row) {
        return row.authorizationRevokedAt() != null || row.revokedAt() != null || row.rotatedAt() != null;
    }

    private static boolean isDeviceCodeSpent(DeviceCode row) {
        return row.authorizationRevokedAt() != null
                || row.state() == DeviceCodeState.CONSUMED
                || row.state() == DeviceCodeState.DENIED;
    }

    private static boolean isUserCodeSpent(DeviceCode row) {
        return row.authorizationRevokedAt() != null || row.state() != DeviceCodeState.PENDING;
    }

    /**
     * The value that an authorization was looked up by.
     *
     * @param kind what it was found as
     * @param value never printed
     */
    record Presented(TokenKind kind, String value) {
        @Override
        public String toString() {
            return "a presented " + kind;
        }
    }

    /** Spring's own wants a registered client, of which it uses the id alone: that would be one more row to read. */
    static final class Builder extends OAuth2Authorization.Builder {
        Builder(String registeredClientId) {
            super(registeredClientId);
        }
    }

    private record Tokens(
            Builder builder, Family family, @Nullable Presented presented) {

        String value(TokenKind kind, String placeholder) {
            return presented != null && presented.kind() == kind ? presented.value() : placeholder;
        }

        void add(TokenKind kind, String rowId, TokenFields fields) {
            String placeholder = kind == TokenKind.USER_CODE ? Placeholders.ofUserCode(rowId) : Placeholders.of(rowId);
            builder.token(token(kind, value(kind, placeholder), fields), metadata -> {
                metadata.clear();
                metadata.putAll(fields.metadata());
            });
        }
    }

    @SuppressWarnings(
            "NullAway") // Spring's constructors take no issue with missing instants, whatever their types say.
    private static OAuth2Token token(TokenKind kind, String value, TokenFields fields) {
        Instant issued = fields.issuedAt();
        Instant expires = fields.expiresAt();
        return switch (kind) {
            case CODE -> new OAuth2AuthorizationCode(value, issued, expires);
            case ACCESS_TOKEN ->
                new OAuth2AccessToken(
                        new OAuth2AccessToken.TokenType(Objects.requireNonNullElse(fields.type(), "")),
                        value,
                        issued,
                        expires,
                        fields.scopes());
            case REFRESH_TOKEN -> new OAuth2RefreshToken(value, issued, expires);
            case ID_TOKEN -> new OidcIdToken(value, issued, expires, fields.claims());
            case DEVICE_CODE -> new OAuth2DeviceCode(value, issued, expires);
            case USER_CODE -> new OAuth2UserCode(value, issued, expires);
            case STATE -> throw new IllegalArgumentException("a state is no token");
        };
    }
}
