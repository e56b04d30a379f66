package io.qscope.spring;

import io.qscope.key.TokenHasher;
import io.qscope.model.AccessToken;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.AuthorizationRequest;
import io.qscope.model.DeviceCode;
import io.qscope.model.DeviceCodeState;
import io.qscope.model.IdToken;
import io.qscope.model.Limits;
import io.qscope.model.RefreshToken;
import io.qscope.model.RowIds;
import io.qscope.model.TokenDigest;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2DeviceCode;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.core.OAuth2UserCode;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization.Token;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;

/** Makes new rows of what is in Spring's authorizations. A row of something that is invalidated is born spent. */
final class FamilyRows {

    /** How long a state of Spring's waits that says nothing of it: longer than anybody looks at a page that asks for consent. */
    static final Duration STATE_LIFE = Duration.ofHours(1);

    /** A pushed request's state ends with when it expires. */
    private static final Pattern PUSHED = Pattern.compile(".*___(\\d{1,15})");

    private final ValueCodec codec;
    private final TokenMetadata metadata;
    private final TokenHasher tokens;
    private final @Nullable TokenHasher userCodes;
    private final String actor;

    FamilyRows(ValueCodec codec, TokenHasher tokens, @Nullable TokenHasher userCodes, String actor) {
        this.codec = codec;
        this.metadata = new TokenMetadata(codec);
        this.tokens = tokens;
        this.userCodes = userCodes;
        this.actor = actor;
    }

    /** The digests under which a value of that kind may be stored. */
    List<TokenDigest> candidates(TokenKind kind, String value) {
        if (kind != TokenKind.USER_CODE) {
            return tokens.candidates(value);
        }
        return userCodes == null ? List.of() : userCodes.candidates(value);
    }

    private TokenDigest digestOfUserCode(String value) {
        if (userCodes == null) {
            throw new IllegalArgumentException(
                    "user codes are stored as digests by a key, since they are short enough to be guessed, and there is no key"
                            + " ring; set qscope.keys or qscope.keys-file, or do without the device grant");
        }
        return userCodes.digest(value);
    }

    /** Who writes. */
    String actor() {
        return actor;
    }

    /** Spring's attributes as text, but for the state. */
    String attributes(OAuth2Authorization of) {
        return codec.encode(attributesWithoutState(of), AuthorizationMapping.attributesOf(of.getId()));
    }

    static Map<String, @Nullable Object> attributesWithoutState(OAuth2Authorization of) {
        Map<String, @Nullable Object> attributes = new LinkedHashMap<>(of.getAttributes());
        if (state(of) != null) {
            attributes.remove(OAuth2ParameterNames.STATE);
        }
        return attributes;
    }

    /** The state of a request that waits: for consent, or to be taken up again (RFC 9126). */
    static @Nullable String state(OAuth2Authorization of) {
        return of.getAttributes().get(OAuth2ParameterNames.STATE) instanceof String state && !state.isBlank()
                ? state
                : null;
    }

    Authorization root(OAuth2Authorization of, Instant now) {
        return Authorization.builder()
                .id(of.getId())
                .clientId(of.getRegisteredClientId())
                .userId(userId(of))
                .scopes(of.getAuthorizedScopes())
                .attributes(new RootAttributes(
                                of.getAuthorizationGrantType().getValue(), of.getPrincipalName(), attributes(of))
                        .json())
                .createdAt(now)
                .createdBy(actor)
                .build();
    }

    /**
     * The user; none: the client acts for itself, or there is no user yet. Spring names the client as the principal then, and has
     * no principal among the attributes.
     */
    static @Nullable String userId(OAuth2Authorization of) {
        boolean isUser = of.getAttributes().containsKey(Principal.class.getName())
                || of.getToken(OAuth2AuthorizationCode.class) != null
                || of.getToken(OidcIdToken.class) != null;
        return isUser ? of.getPrincipalName() : null;
    }

    AuthorizationRequest request(OAuth2Authorization of, String state, Instant now) {
        return AuthorizationRequest.builder()
                .id(RowIds.next())
                .handle(tokens.digest(state))
                .clientId(of.getRegisteredClientId())
                .userId(userId(of))
                .authorizationId(of.getId())
                .expiresAt(expiry(state, now))
                .createdAt(now)
                .createdBy(actor)
                .build();
    }

    private static Instant expiry(String state, Instant now) {
        Instant latest = now.plus(STATE_LIFE);
        Matcher pushed = PUSHED.matcher(state);
        if (!pushed.matches()) {
            return latest;
        }
        Instant said = Instant.ofEpochMilli(Long.parseLong(pushed.group(1)));
        return said.isBefore(latest) ? said : latest;
    }

    AuthorizationCode code(OAuth2Authorization of, Token<OAuth2AuthorizationCode> token, Instant now) {
        String id = RowIds.next();
        return AuthorizationCode.builder()
                .id(id)
                .code(tokens.digest(token.getToken().getTokenValue()))
                .clientId(of.getRegisteredClientId())
                .userId(of.getPrincipalName())
                .authorizationId(of.getId())
                .scopes(of.getAuthorizedScopes())
                .expiresAt(expiry(token))
                .consumedAt(token.isInvalidated() ? now : null)
                .metadata(metadata.write(TokenFields.of(token), id))
                .createdAt(now)
                .createdBy(actor)
                .build();
    }

    AccessToken accessToken(
            OAuth2Authorization of, Token<OAuth2AccessToken> token, @Nullable String refreshTokenId, Instant now) {
        String id = RowIds.next();
        return AccessToken.builder()
                .id(id)
                .token(tokens.digest(token.getToken().getTokenValue()))
                .clientId(of.getRegisteredClientId())
                .userId(userId(of))
                .authorizationId(of.getId())
                .refreshTokenId(refreshTokenId)
                .scopes(token.getToken().getScopes())
                .expiresAt(expiry(token))
                .revokedAt(token.isInvalidated() ? now : null)
                .metadata(metadata.write(TokenFields.of(token), id))
                .createdAt(now)
                .createdBy(actor)
                .build();
    }

    RefreshToken refreshToken(
            OAuth2Authorization of, Token<OAuth2RefreshToken> token, @Nullable String predecessorId, Instant now) {
        String id = RowIds.next();
        return RefreshToken.builder()
                .id(id)
                .token(tokens.digest(token.getToken().getTokenValue()))
                .clientId(of.getRegisteredClientId())
                .userId(userId(of))
                .authorizationId(of.getId())
                .predecessorId(predecessorId)
                .scopes(of.getAuthorizedScopes())
                .expiresAt(token.getToken().getExpiresAt())
                .revokedAt(token.isInvalidated() ? now : null)
                .metadata(metadata.write(TokenFields.of(token), id))
                .createdAt(now)
                .createdBy(actor)
                .build();
    }

    /** It is kept for as long as there may be a refresh, which takes claims from it (OpenID Connect Core 1.0 §12.2). */
    IdToken idToken(OAuth2Authorization of, Token<OidcIdToken> token, Instant now) {
        String id = RowIds.next();
        Instant expires = expiry(token);
        Token<OAuth2RefreshToken> refresh = of.getRefreshToken();
        Token<OAuth2AccessToken> access = of.getAccessToken();
        expires = refresh == null ? expires : later(expires, expiry(refresh));
        expires = access == null ? expires : later(expires, expiry(access));
        return IdToken.builder()
                .id(id)
                .token(tokens.digest(token.getToken().getTokenValue()))
                .clientId(of.getRegisteredClientId())
                .userId(of.getPrincipalName())
                .authorizationId(of.getId())
                .expiresAt(expires)
                .metadata(metadata.write(TokenFields.of(token), id))
                .createdAt(now)
                .createdBy(actor)
                .build();
    }

    /**
     * A device code and a user code, of which one may be missing.
     *
     * @param storedDevice its digest, if it is stored and its value no longer known
     * @param storedUser the same of the user code
     */
    DeviceCode deviceCode(
            OAuth2Authorization of, @Nullable TokenDigest storedDevice, @Nullable TokenDigest storedUser, Instant now) {
        String id = RowIds.next();
        Token<OAuth2DeviceCode> device = of.getToken(OAuth2DeviceCode.class);
        Token<OAuth2UserCode> user = of.getToken(OAuth2UserCode.class);
        Instant expires = device == null ? Limits.EARLIEST : expiry(device);
        expires = user == null ? expires : later(expires, expiry(user));
        DeviceCodeState state = state(device, user, of.getAccessToken() != null);
        return DeviceCode.builder()
                .id(id)
                .deviceCode(digest(device, storedDevice, TokenKind.DEVICE_CODE))
                .userCode(digest(user, storedUser, TokenKind.USER_CODE))
                .clientId(of.getRegisteredClientId())
                .userId(
                        state == DeviceCodeState.APPROVED || state == DeviceCodeState.CONSUMED
                                ? of.getPrincipalName()
                                : null)
                .authorizationId(of.getId())
                .scopes(of.getAuthorizedScopes())
                .expiresAt(expires)
                .state(state)
                .metadata(deviceMetadata(of, id))
                .createdAt(now)
                .createdBy(actor)
                .build();
    }

    /** A stored code as it is to be: all that Spring has of it, what transitions own left alone. */
    AuthorizationCode changed(
            AuthorizationCode stored, Token<OAuth2AuthorizationCode> token, boolean invalidated, Instant now) {
        return stored.toBuilder()
                .expiresAt(expiry(token))
                .metadata(metadata(token, invalidated, stored.id()))
                .updatedAt(now)
                .updatedBy(actor)
                .build();
    }

    /** The same of an access token. */
    AccessToken changed(AccessToken stored, Token<OAuth2AccessToken> token, boolean invalidated, Instant now) {
        return stored.toBuilder()
                .scopes(token.getToken().getScopes())
                .expiresAt(expiry(token))
                .metadata(metadata(token, invalidated, stored.id()))
                .updatedAt(now)
                .updatedBy(actor)
                .build();
    }

    /** The same of a refresh token. */
    RefreshToken changed(RefreshToken stored, Token<OAuth2RefreshToken> token, boolean invalidated, Instant now) {
        return stored.toBuilder()
                .expiresAt(token.getToken().getExpiresAt())
                .metadata(metadata(token, invalidated, stored.id()))
                .updatedAt(now)
                .updatedBy(actor)
                .build();
    }

    /** The same of an ID token. */
    IdToken changed(IdToken stored, Token<OidcIdToken> token, boolean invalidated, Instant now) {
        return stored.toBuilder()
                .metadata(metadata(token, invalidated, stored.id()))
                .updatedAt(now)
                .updatedBy(actor)
                .build();
    }

    /** The same of a device code and its user code. */
    DeviceCode changed(DeviceCode stored, OAuth2Authorization of, Instant now) {
        return stored.toBuilder()
                .metadata(deviceMetadata(of, stored.id()))
                .updatedAt(now)
                .updatedBy(actor)
                .build();
    }

    private Map<String, Object> metadata(Token<?> token, boolean invalidated, String rowId) {
        return metadata.write(TokenFields.of(token).invalidated(invalidated), rowId);
    }

    private Map<String, Object> deviceMetadata(OAuth2Authorization of, String rowId) {
        Token<OAuth2DeviceCode> device = of.getToken(OAuth2DeviceCode.class);
        Token<OAuth2UserCode> user = of.getToken(OAuth2UserCode.class);
        return metadata.write(
                device == null ? null : TokenFields.of(device), user == null ? null : TokenFields.of(user), rowId);
    }

    /** Nobody has the value of a code that there is none of. */
    private TokenDigest digest(@Nullable Token<?> token, @Nullable TokenDigest stored, TokenKind kind) {
        if (stored != null) {
            return stored;
        }
        if (token == null) {
            return TokenDigest.sha256("absent " + RowIds.next());
        }
        String value = token.getToken().getTokenValue();
        return kind == TokenKind.USER_CODE ? digestOfUserCode(value) : tokens.digest(value);
    }

    private static DeviceCodeState state(@Nullable Token<?> device, @Nullable Token<?> user, boolean redeemed) {
        boolean deviceSpent = device != null && device.isInvalidated();
        boolean userSpent = user != null && user.isInvalidated();
        if (!userSpent) {
            return DeviceCodeState.PENDING;
        }
        if (!deviceSpent) {
            return DeviceCodeState.APPROVED;
        }
        return redeemed ? DeviceCodeState.CONSUMED : DeviceCodeState.DENIED;
    }

    static Instant expiry(Token<? extends OAuth2Token> token) {
        return Objects.requireNonNullElse(token.getToken().getExpiresAt(), Limits.LATEST);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
