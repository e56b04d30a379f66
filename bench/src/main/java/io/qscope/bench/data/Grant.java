package io.qscope.bench.data;

import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.RowIds;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a code or a refresh token that was looked up is exchanged for: all that is written beside its mark.
 *
 * @param refreshValue the refresh token as its client gets it
 */
public record Grant(Attempt attempt, AccessToken access, RefreshToken refresh, AuditLog entry, String refreshValue) {

    /** For a code. */
    public static Grant redeeming(AuthorizationCode code) {
        return of(
                "code.redeemed",
                code.clientId(),
                code.userId(),
                code.authorizationId(),
                null,
                code.scopes(),
                code.metadata());
    }

    /** For a refresh token. */
    public static Grant refreshing(RefreshToken token) {
        return of(
                "token.refreshed",
                token.clientId(),
                token.userId(),
                token.authorizationId(),
                token.id(),
                token.scopes(),
                token.metadata());
    }

    private static Grant of(
            String event,
            String clientId,
            @Nullable String userId,
            String authorizationId,
            @Nullable String predecessorId,
            Set<String> scopes,
            Map<String, Object> metadata) {
        Attempt attempt = Attempt.of(Sample.NOW, Sample.BY);
        String refreshValue = "a-refresh-token-as-long-as-256-bits-" + attempt.id();
        RefreshToken refresh = RefreshToken.builder()
                .id(RowIds.next())
                .token(TokenDigest.sha256(refreshValue))
                .clientId(clientId)
                .userId(userId)
                .authorizationId(authorizationId)
                .predecessorId(predecessorId)
                .scopes(scopes)
                .metadata(metadata)
                .expiresAt(Sample.NOW.plus(Duration.ofDays(30)))
                .createdAt(Sample.NOW)
                .createdBy(attempt.by())
                .build();
        AccessToken access = AccessToken.builder()
                .id(RowIds.next())
                .token(TokenDigest.sha256("an-access-token-as-long-as-256-bits-" + attempt.id()))
                .clientId(clientId)
                .userId(userId)
                .authorizationId(authorizationId)
                .refreshTokenId(refresh.id())
                .scopes(scopes)
                .metadata(metadata)
                .expiresAt(Sample.NOW.plus(Duration.ofMinutes(10)))
                .createdAt(Sample.NOW)
                .createdBy(attempt.by())
                .build();
        AuditLog entry = AuditLog.builder()
                .id(RowIds.next())
                .eventType(event)
                .subject(authorizationId)
                .clientId(clientId)
                .rayId(RayId.random())
                .metadata(Map.of("access_token_id", access.id(), "refresh_token_id", refresh.id()))
                .createdAt(Sample.NOW)
                .createdBy(attempt.by())
                .build();
        return new Grant(attempt, access, refresh, entry, refreshValue);
    }
}
