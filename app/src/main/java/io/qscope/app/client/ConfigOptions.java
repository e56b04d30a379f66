package io.qscope.app.client;

import io.qscope.model.ClientConfig;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for a client's lifetimes, limits and PKCE policy. What is not given stays as it is. */
final class ConfigOptions {

    @Option(names = "--access-token-ttl", paramLabel = "SECONDS", description = "How long its access tokens live.")
    private @Nullable Integer accessTokenTtl;

    @Option(
            names = "--refresh-token-ttl",
            paramLabel = "SECONDS",
            description = "How long its refresh tokens live; 0: until they are revoked.")
    private @Nullable Integer refreshTokenTtl;

    @Option(
            names = "--code-ttl",
            paramLabel = "SECONDS",
            description = "How long its authorization codes live, at most 600.")
    private @Nullable Integer codeTtl;

    @Option(
            names = "--device-code-ttl",
            paramLabel = "SECONDS",
            description = "How long its device codes live; 0: it gets none.")
    private @Nullable Integer deviceCodeTtl;

    @Option(
            names = "--device-interval",
            paramLabel = "SECONDS",
            description = "How long its devices wait between two polls; 0: the server's default.")
    private @Nullable Integer deviceInterval;

    @Option(
            names = "--max-access-tokens",
            paramLabel = "N",
            description = "Most live access tokens of a user; the oldest are revoked; 0: no limit.")
    private @Nullable Integer maxAccessTokens;

    @Option(
            names = "--max-refresh-tokens",
            paramLabel = "N",
            description = "Most live refresh tokens of a user; the oldest are revoked; 0: no limit.")
    private @Nullable Integer maxRefreshTokens;

    @Option(
            names = "--require-pkce",
            arity = "1",
            paramLabel = "true|false",
            description = "Whether it must send a code challenge; a public client always must.")
    private @Nullable Boolean requirePkce;

    @Option(
            names = "--pkce-method",
            paramLabel = "S256|plain",
            description = "A code challenge method that it may use; repeat for several.")
    private @Nullable List<String> pkceMethods;

    /**
     * A configuration changed by what was given.
     *
     * @throws IllegalArgumentException naming the field that is out of its bounds
     */
    ClientConfig applyTo(ClientConfig config) {
        return ClientConfig.builder()
                .responseTypes(config.responseTypes())
                .requirePkce(requirePkce == null ? config.requirePkce() : requirePkce)
                .pkceMethods(pkceMethods == null ? config.pkceMethods() : new LinkedHashSet<>(pkceMethods))
                .accessTokenTtl(accessTokenTtl == null ? config.accessTokenTtl() : Duration.ofSeconds(accessTokenTtl))
                .refreshTokenTtl(seconds(refreshTokenTtl, config.refreshTokenTtl()))
                .authorizationCodeTtl(codeTtl == null ? config.authorizationCodeTtl() : Duration.ofSeconds(codeTtl))
                .deviceCodeTtl(seconds(deviceCodeTtl, config.deviceCodeTtl()))
                .devicePollInterval(seconds(deviceInterval, config.devicePollInterval()))
                .maxActiveAccessTokens(limit(maxAccessTokens, config.maxActiveAccessTokens()))
                .maxActiveRefreshTokens(limit(maxRefreshTokens, config.maxActiveRefreshTokens()))
                .metadata(config.metadata())
                .build();
    }

    private static @Nullable Duration seconds(@Nullable Integer given, @Nullable Duration before) {
        return given == null ? before : given == 0 ? null : Duration.ofSeconds(given);
    }

    private static @Nullable Integer limit(@Nullable Integer given, @Nullable Integer before) {
        return given == null ? before : given == 0 ? null : given;
    }
}
