package io.qscope.spring;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of the auto-configuration.
 *
 * @param enabled Whether qscope stores what the authorization server has.
 * @param storage URL of the storage: sqlite:path, postgresql://user@host/database, or memory: for tests.
 * @param migrate Whether to bring the schema up to this release at the start. SQLite's always is.
 * @param timeout How long a request waits for one call of the storage.
 * @param retryAfter What a client is told to wait while the storage is out of reach.
 * @param keys The key ring itself, its keys separated by semicolons, for environments that have secrets in variables.
 * @param keysFile File of the key ring, a line "id base64" a key, the writing one first, readable for its user alone.
 * @param sealAttributes Whether attributes, claims and settings are encrypted with the key ring.
 * @param keyedTokens Whether tokens are digested with the key ring, not by plain SHA-256.
 */
@ConfigurationProperties("qscope")
public record QscopeProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String storage,
        @DefaultValue("false") boolean migrate,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue("5s") Duration retryAfter,
        @Nullable String keys,
        @Nullable Path keysFile,
        @DefaultValue("false") boolean sealAttributes,
        @DefaultValue("false") boolean keyedTokens) {

    /** Without the URL and the keys, which may hold secrets. */
    @Override
    public String toString() {
        return "QscopeProperties[enabled=" + enabled + ", migrate=" + migrate + ", timeout=" + timeout
                + ", sealAttributes=" + sealAttributes + ", keyedTokens=" + keyedTokens + "]";
    }
}
