package io.qscope.service;

import io.qscope.model.ClientConfig;
import io.qscope.model.OAuthClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Names what an update of a client's registration changed: for the audit log, which tells the names and no values. */
final class ChangedFields {

    private static final Map<String, Function<OAuthClient, @Nullable Object>> FIELDS = new LinkedHashMap<>();

    static {
        FIELDS.put("redirectUris", OAuthClient::redirectUris);
        FIELDS.put("grantTypes", OAuthClient::grantTypes);
        FIELDS.put("scopes", OAuthClient::scopes);
        config("responseTypes", ClientConfig::responseTypes);
        config("requirePkce", ClientConfig::requirePkce);
        config("pkceMethods", ClientConfig::pkceMethods);
        config("accessTokenTtl", ClientConfig::accessTokenTtl);
        config("refreshTokenTtl", ClientConfig::refreshTokenTtl);
        config("authorizationCodeTtl", ClientConfig::authorizationCodeTtl);
        config("maxActiveAccessTokens", ClientConfig::maxActiveAccessTokens);
        config("maxActiveRefreshTokens", ClientConfig::maxActiveRefreshTokens);
        config("deviceCodeTtl", ClientConfig::deviceCodeTtl);
        config("devicePollInterval", ClientConfig::devicePollInterval);
        config("metadata", ClientConfig::metadata);
    }

    private ChangedFields() {}

    private static void config(String name, Function<ClientConfig, @Nullable Object> value) {
        FIELDS.put("config." + name, client -> value.apply(client.config()));
    }

    static List<String> between(OAuthClient before, OAuthClient after) {
        List<String> changed = new ArrayList<>();
        FIELDS.forEach((name, value) -> {
            if (!Objects.equals(value.apply(before), value.apply(after))) {
                changed.add(name);
            }
        });
        return changed;
    }
}
