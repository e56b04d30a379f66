package io.qscope.sql;

import io.qscope.model.ClientConfig;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A client's configuration as the JSON object of its column: durations in seconds, limits that are not set left out. */
final class ConfigJson {

    private ConfigJson() {}

    static String write(ClientConfig config) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("responseTypes", List.copyOf(config.responseTypes()));
        json.put("requirePkce", config.requirePkce());
        json.put("pkceMethods", List.copyOf(config.pkceMethods()));
        put(json, "accessTokenTtl", config.accessTokenTtl());
        put(json, "refreshTokenTtl", config.refreshTokenTtl());
        put(json, "authorizationCodeTtl", config.authorizationCodeTtl());
        put(json, "maxActiveAccessTokens", config.maxActiveAccessTokens());
        put(json, "maxActiveRefreshTokens", config.maxActiveRefreshTokens());
        put(json, "deviceCodeTtl", config.deviceCodeTtl());
        put(json, "devicePollInterval", config.devicePollInterval());
        json.put("metadata", config.metadata());
        return Json.object(json);
    }

    /** @throws IllegalArgumentException when the object is no configuration: damage by hand */
    static ClientConfig read(Map<String, Object> json) {
        try {
            return ClientConfig.builder()
                    .responseTypes(strings(json, "responseTypes"))
                    .requirePkce((Boolean) required(json, "requirePkce"))
                    .pkceMethods(strings(json, "pkceMethods"))
                    .accessTokenTtl(seconds(required(json, "accessTokenTtl")))
                    .refreshTokenTtl(duration(json, "refreshTokenTtl"))
                    .authorizationCodeTtl(seconds(required(json, "authorizationCodeTtl")))
                    .maxActiveAccessTokens(limit(json, "maxActiveAccessTokens"))
                    .maxActiveRefreshTokens(limit(json, "maxActiveRefreshTokens"))
                    .deviceCodeTtl(duration(json, "deviceCodeTtl"))
                    .devicePollInterval(duration(json, "devicePollInterval"))
                    .metadata(metadata(json))
                    .build();
        } catch (ClassCastException damaged) {
            throw new IllegalArgumentException("config is not a client's configuration", damaged);
        }
    }

    private static void put(Map<String, Object> json, String key, @Nullable Duration value) {
        if (value != null) {
            json.put(key, value.toSeconds());
        }
    }

    private static void put(Map<String, Object> json, String key, @Nullable Integer value) {
        if (value != null) {
            json.put(key, value);
        }
    }

    @SuppressWarnings("unchecked")
    private static Set<String> strings(Map<String, Object> json, String key) {
        return new LinkedHashSet<>((Collection<String>) required(json, key));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> metadata(Map<String, Object> json) {
        return (Map<String, Object>) required(json, "metadata");
    }

    private static @Nullable Duration duration(Map<String, Object> json, String key) {
        Object seconds = json.get(key);
        return seconds == null ? null : seconds(seconds);
    }

    private static Duration seconds(Object value) {
        return Duration.ofSeconds((Long) value);
    }

    private static Object required(Map<String, Object> json, String key) {
        Object value = json.get(key);
        if (value == null) {
            throw new IllegalArgumentException("config lacks " + key);
        }
        return value;
    }

    private static @Nullable Integer limit(Map<String, Object> json, String key) {
        Long value = (Long) json.get(key);
        return value == null ? null : Math.toIntExact(value);
    }
}
