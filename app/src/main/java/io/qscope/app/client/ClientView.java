package io.qscope.app.client;

import io.qscope.model.ClientConfig;
import io.qscope.model.EncodedSecret;
import io.qscope.model.OAuthClient;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client as the command shows it; of secrets only how they are hashed. */
final class ClientView {

    private static final int MOST_GRANTS = 33;
    private static final int MOST_SCOPES = 18;

    private ClientView() {}

    static Map<String, @Nullable Object> of(OAuthClient client) {
        ClientConfig config = client.config();
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("client_id", client.clientIdentifier());
        view.put("id", client.id());
        view.put("enabled", client.isEnabled());
        view.put("confidential", client.isConfidential());
        view.put("secret_scheme", scheme(client.clientSecret()));
        view.put("previous_secret_until", text(client.previousClientSecretExpiresAt()));
        view.put("redirect_uris", client.redirectUris());
        view.put("grant_types", client.grantTypes());
        view.put("response_types", config.responseTypes());
        view.put("scopes", client.scopes());
        view.put("require_pkce", config.requirePkce());
        view.put("pkce_methods", config.pkceMethods());
        view.put("access_token_ttl", seconds(config.accessTokenTtl()));
        view.put("refresh_token_ttl", seconds(config.refreshTokenTtl()));
        view.put("authorization_code_ttl", seconds(config.authorizationCodeTtl()));
        view.put("device_code_ttl", seconds(config.deviceCodeTtl()));
        view.put("device_poll_interval", seconds(config.devicePollInterval()));
        view.put("max_active_access_tokens", config.maxActiveAccessTokens());
        view.put("max_active_refresh_tokens", config.maxActiveRefreshTokens());
        view.put("metadata", config.metadata());
        view.put("created_at", text(client.createdAt()));
        view.put("created_by", client.createdBy());
        view.put("updated_at", text(client.updatedAt()));
        view.put("updated_by", client.updatedBy());
        view.put("version", client.version());
        return view;
    }

    /** A client in a table that fits 120 columns; of grants and scopes the first ones. */
    static Map<String, @Nullable Object> line(OAuthClient client) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("client_id", client.clientIdentifier());
        line.put("enabled", client.isEnabled());
        line.put("confidential", client.isConfidential());
        List<String> grants = client.grantTypes().stream()
                .map(grant -> grant.substring(grant.lastIndexOf(':') + 1))
                .toList();
        line.put("grants", first(grants, MOST_GRANTS));
        line.put("scopes", first(client.scopes(), MOST_SCOPES));
        return line;
    }

    /** As many words as go into so many characters, then dots. */
    private static @Nullable String first(Collection<String> words, int most) {
        StringBuilder line = new StringBuilder();
        for (String word : words) {
            if (line.length() + word.length() + 1 > most) {
                return line.append("…").toString();
            }
            line.append(word).append(' ');
        }
        return line.isEmpty() ? null : line.toString().strip();
    }

    private static @Nullable String scheme(@Nullable EncodedSecret secret) {
        return secret == null ? null : secret.scheme();
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static @Nullable Long seconds(@Nullable Duration duration) {
        return duration == null ? null : duration.toSeconds();
    }
}
