package io.qscope.app.token;

import io.qscope.app.KnownClients;
import io.qscope.app.Session;
import io.qscope.model.AccessToken;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.DeviceCode;
import io.qscope.model.OAuthClient;
import io.qscope.model.RefreshToken;
import io.qscope.model.Row;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A token or code as the command shows it. */
final class TokenView {

    private final Map<String, @Nullable Object> view = new LinkedHashMap<>();
    private final Instant now = Instant.now();

    private TokenView() {}

    static Map<String, @Nullable Object> of(Row row, Session session) {
        TokenView view = new TokenView();
        view.put("id", row.id());
        if (row instanceof AccessToken token) {
            view.accessToken(token, session);
        } else if (row instanceof RefreshToken token) {
            view.refreshToken(token, session);
        } else if (row instanceof AuthorizationCode code) {
            view.code(code, session);
        } else if (row instanceof DeviceCode code) {
            view.deviceCode(code, session);
        }
        view.put("created_at", row.createdAt());
        view.put("created_by", row.createdBy());
        view.put("version", row.version());
        return view.view;
    }

    private void accessToken(AccessToken token, Session session) {
        put("kind", "access_token");
        put("live", token.isLive(now));
        client(token.clientId(), session);
        put("user_id", token.userId());
        put("authorization_id", token.authorizationId());
        put("refresh_token_id", token.refreshTokenId());
        put("scopes", token.scopes());
        put("expires_at", token.expiresAt());
        put("revoked_at", token.revokedAt());
        put("authorization_revoked_at", token.authorizationRevokedAt());
        put("metadata", token.metadata());
    }

    private void refreshToken(RefreshToken token, Session session) {
        put("kind", "refresh_token");
        put("live", token.isLive(now));
        client(token.clientId(), session);
        put("user_id", token.userId());
        put("authorization_id", token.authorizationId());
        put("predecessor_id", token.predecessorId());
        put("scopes", token.scopes());
        put("expires_at", token.expiresAt());
        put("rotated_at", token.rotatedAt());
        put("grace_uses", token.graceUses());
        put("revoked_at", token.revokedAt());
        put("authorization_revoked_at", token.authorizationRevokedAt());
        put("metadata", token.metadata());
    }

    private void code(AuthorizationCode code, Session session) {
        put("kind", "authorization_code");
        put("live", code.isLive(now));
        client(code.clientId(), session);
        put("user_id", code.userId());
        put("authorization_id", code.authorizationId());
        put("redirect_uri", code.redirectUri());
        put("scopes", code.scopes());
        put("expires_at", code.expiresAt());
        put("consumed_at", code.consumedAt());
        put("authorization_revoked_at", code.authorizationRevokedAt());
        put("metadata", code.metadata());
    }

    private void deviceCode(DeviceCode code, Session session) {
        put("kind", "device_code");
        put("live", code.isLive(now));
        put("state", code.state());
        client(code.clientId(), session);
        put("user_id", code.userId());
        put("authorization_id", code.authorizationId());
        put("scopes", code.scopes());
        put("expires_at", code.expiresAt());
        put("interval", code.interval().toSeconds());
        put("last_polled_at", code.lastPolledAt());
        put("authorization_revoked_at", code.authorizationRevokedAt());
        put("metadata", code.metadata());
    }

    private void client(String id, Session session) {
        Optional<OAuthClient> client = new KnownClients(session).client(id);
        put("client_id", client.map(OAuthClient::clientIdentifier).orElse(null));
        put("client_enabled", client.map(OAuthClient::isEnabled).orElse(null));
    }

    /** Moments and states as text, which is how JSON has them. */
    private void put(String name, @Nullable Object value) {
        view.put(name, value instanceof Instant || value instanceof Enum<?> ? value.toString() : value);
    }
}
