package io.qscope.app.demo;

import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.ClientConfig;
import io.qscope.model.DeviceCode;
import io.qscope.model.EncodedSecret;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.RowIds;
import io.qscope.store.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an authorization server does before it calls its storage: it makes the rows. Stores nothing itself. */
final class Issuer {

    private static final String BY = "qscope demo";
    private static final Set<String> SCOPES = Set.of("openid", "profile");
    private static final String REDIRECT_URI = "https://app.example/callback";
    private static final Duration REFRESH_TOKEN_TTL = Duration.ofDays(30);
    private static final Duration DEVICE_CODE_TTL = Duration.ofMinutes(10);

    private final InstantSource clock;

    Issuer(InstantSource clock) {
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    /** A new try at a transition or a unit of work, now. */
    Attempt attempt() {
        return attempt(now());
    }

    Attempt attempt(Instant at) {
        return Attempt.of(at, BY);
    }

    /** A confidential client, whose secret is kept as a hash. */
    OAuthClient client(String clientIdentifier, Secret secret) {
        return OAuthClient.builder()
                .id(RowIds.next())
                .clientIdentifier(clientIdentifier)
                .clientSecret(new EncodedSecret(
                        "{sha256}" + HexFormat.of().formatHex(secret.digest().bytes())))
                .isConfidential(true)
                .redirectUris(List.of(REDIRECT_URI))
                .grantTypes(Set.of("authorization_code", "refresh_token"))
                .scopes(SCOPES)
                .config(ClientConfig.builder()
                        .refreshTokenTtl(REFRESH_TOKEN_TTL)
                        .deviceCodeTtl(DEVICE_CODE_TTL)
                        .build())
                .createdAt(now())
                .createdBy(BY)
                .build();
    }

    /** The root of a family: what a user granted. */
    Authorization authorization(OAuthClient client, @Nullable String userId, Instant at) {
        return Authorization.builder()
                .id(RowIds.next())
                .clientId(client.id())
                .userId(userId)
                .scopes(client.scopes())
                .createdAt(at)
                .createdBy(BY)
                .build();
    }

    AuthorizationCode code(Authorization root, String userId, Secret code, Instant at) {
        return AuthorizationCode.builder()
                .id(RowIds.next())
                .code(code.digest())
                .clientId(root.clientId())
                .userId(userId)
                .authorizationId(root.id())
                .redirectUri(REDIRECT_URI)
                .scopes(root.scopes())
                .expiresAt(at.plus(ClientConfig.defaults().authorizationCodeTtl()))
                .createdAt(at)
                .createdBy(BY)
                .build();
    }

    AccessToken accessToken(Authorization root, Secret token, Instant at) {
        return AccessToken.builder()
                .id(RowIds.next())
                .token(token.digest())
                .clientId(root.clientId())
                .userId(root.userId())
                .authorizationId(root.id())
                .scopes(root.scopes())
                .expiresAt(at.plus(ClientConfig.defaults().accessTokenTtl()))
                .createdAt(at)
                .createdBy(BY)
                .build();
    }

    RefreshToken refreshToken(Authorization root, Secret token, @Nullable RefreshToken predecessor, Instant at) {
        return RefreshToken.builder()
                .id(RowIds.next())
                .token(token.digest())
                .clientId(root.clientId())
                .userId(root.userId())
                .authorizationId(root.id())
                .predecessorId(predecessor == null ? null : predecessor.id())
                .scopes(root.scopes())
                .expiresAt(at.plus(REFRESH_TOKEN_TTL))
                .createdAt(at)
                .createdBy(BY)
                .build();
    }

    DeviceCode deviceCode(Authorization root, Secret deviceCode, UserCode userCode, Instant at) {
        return DeviceCode.builder()
                .id(RowIds.next())
                .deviceCode(deviceCode.digest())
                .userCode(userCode.digest())
                .clientId(root.clientId())
                .authorizationId(root.id())
                .scopes(root.scopes())
                .expiresAt(at.plus(DEVICE_CODE_TTL))
                .createdAt(at)
                .createdBy(BY)
                .build();
    }

    /** An entry of the audit log, with the ray id of the request that caused it. */
    AuditLog event(String type, Authorization root, RayId rayId) {
        return AuditLog.builder()
                .id(RowIds.next())
                .eventType(type)
                .subject("authorization " + root.id())
                .clientId(root.clientId())
                .userId(root.userId())
                .rayId(rayId)
                .metadata(Map.of("demo", true))
                .createdAt(now())
                .createdBy(BY)
                .build();
    }
}
