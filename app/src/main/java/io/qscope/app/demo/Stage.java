package io.qscope.app.demo;

import io.qscope.key.KeyRing;
import io.qscope.model.ClientConfig;
import io.qscope.model.OAuthClient;
import io.qscope.model.RowIds;
import io.qscope.service.ClientCredentials;
import io.qscope.service.ClientRegistration;
import io.qscope.service.CodeRedemption;
import io.qscope.service.CodeRequest;
import io.qscope.service.IssuedCode;
import io.qscope.service.IssuedTokens;
import io.qscope.service.OAuthServices;
import io.qscope.service.RegisteredClient;
import io.qscope.store.Storage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What all steps of one demo share: the storage, the services over it, and the client that the first step registers. Names are
 * new in each run, so that a demo can be played again on the same data, or beside another.
 */
final class Stage implements AutoCloseable {

    static final String BY = "qscope demo";
    static final String REDIRECT_URI = "https://app.example/callback";

    /** The client's, of which it sent the challenge (RFC 7636 appendix B). */
    static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    private static final int RUN_LENGTH = 8;
    private static final int SHOWN = 6;

    private final Storage storage;
    private final KeyRing keys;
    private final InstantSource clock;
    private final OAuthServices services;
    private final String run;
    private @Nullable RegisteredClient client;

    Stage(Storage storage, KeyRing keys, InstantSource clock) {
        this.storage = storage;
        this.keys = keys;
        this.clock = clock;
        this.services = services(clock);
        String id = RowIds.next();
        this.run = id.substring(id.length() - RUN_LENGTH);
    }

    Storage storage() {
        return storage;
    }

    KeyRing keys() {
        return keys;
    }

    InstantSource clock() {
        return clock;
    }

    OAuthServices services() {
        return services;
    }

    /** Services on the same storage that are told another time. */
    OAuthServices services(InstantSource otherClock) {
        return OAuthServices.builder(storage, keys).clock(otherClock).build();
    }

    /** A user of this run. */
    String user(String name) {
        return name + "-" + run;
    }

    /** What the demo's application registers as. */
    ClientRegistration registration() {
        return ClientRegistration.builder()
                .clientIdentifier("demo-app-" + run)
                .redirectUris(List.of(REDIRECT_URI))
                .grantTypes(
                        Set.of("authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"))
                .scopes(Set.of("openid", "profile"))
                .config(ClientConfig.builder()
                        .refreshTokenTtl(Duration.ofDays(30))
                        .deviceCodeTtl(Duration.ofMinutes(10))
                        .build())
                .build();
    }

    void registered(RegisteredClient registered) {
        client = registered;
    }

    OAuthClient client() {
        return Objects.requireNonNull(client).client();
    }

    ClientCredentials credentials() {
        RegisteredClient known = Objects.requireNonNull(client);
        return ClientCredentials.secret(known.client().clientIdentifier(), Objects.requireNonNull(known.secret()));
    }

    /** What the application asks a user for. */
    CodeRequest request(OAuthClient by, String user) {
        return CodeRequest.builder()
                .clientIdentifier(by.clientIdentifier())
                .redirectUri(REDIRECT_URI)
                .userId(user)
                .codeChallenge(CHALLENGE)
                .codeChallengeMethod("S256")
                .build();
    }

    static CodeRedemption redemption(IssuedCode code) {
        return new CodeRedemption(code.code(), REDIRECT_URI, VERIFIER);
    }

    /** The tokens of a new family of that user. */
    IssuedTokens tokens(String user, StepReport report) {
        IssuedCode code = report.value(services.codes().issue(request(client(), user), report.rayId()));
        return report.value(services.codes().redeem(credentials(), redemption(code), report.rayId()));
    }

    boolean isActive(String token, StepReport report) {
        return report.value(services.tokens().introspect(credentials(), token, null, report.rayId()))
                .active();
    }

    /** The first characters of a secret only: too few to be of use to anyone. */
    static String shown(@Nullable String secret) {
        return secret == null ? "none" : secret.substring(0, Math.min(SHOWN, secret.length())) + "…";
    }

    @Override
    public void close() {
        services.close();
    }
}
