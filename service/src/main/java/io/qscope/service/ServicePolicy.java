package io.qscope.service;

import io.qscope.model.AccessToken;
import io.qscope.model.OAuthClient;
import io.qscope.store.Grace;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment decides for all its clients; what is decided for each is in its {@code ClientConfig}. Every setting has a
 * safe default.
 *
 * @param keyedTokens whether codes and tokens are stored as HMACs by the writing key, not as plain SHA-256
 * @param refreshGrace how far a rotated refresh token may be used again, so that a lost response or two parallel refreshes of an
 *     honest client do not log the user out; {@link Grace#NONE} unless set: every second use is a replay (RFC 9700 §4.14.2)
 * @param reusesRefreshTokens which confidential clients keep their refresh token instead of having it rotated; none unless set.
 *     A public client's is always rotated (RFC 9700 §2.2.2)
 * @param mayIntrospect which authenticated confidential client may ask about which token (RFC 7662 §4); any about any unless
 *     set, since whoever has a token may use it anyway
 * @param devicePollInterval how long a device waits between two polls where its client says nothing (RFC 8628 §3.2)
 * @param userCodeTries how many user codes one throttle key may present within {@code userCodeWindow} (RFC 8628 §5.1)
 * @param userCodeWindow see {@code userCodeTries}
 * @param signInTries how many passwords may be presented for one account within {@code signInWindow}; ten times as many from one
 *     address
 * @param signInWindow see {@code signInTries}
 * @param secretOverlap for how long a rotated client secret is still accepted, unless the call says otherwise
 * @param issuer the server's name, {@code iss} in introspection (RFC 7662 §2.2); none: left out
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false, addClassRetainedGenerated = true)
public record ServicePolicy(
        boolean keyedTokens,
        Grace refreshGrace,
        Predicate<OAuthClient> reusesRefreshTokens,
        BiPredicate<OAuthClient, AccessToken> mayIntrospect,
        Duration devicePollInterval,
        int userCodeTries,
        Duration userCodeWindow,
        int signInTries,
        Duration signInWindow,
        Duration secretOverlap,
        @Nullable String issuer) {

    /** @throws IllegalArgumentException naming the setting that is out of its bounds */
    public ServicePolicy {
        Objects.requireNonNull(refreshGrace, "refreshGrace");
        Objects.requireNonNull(reusesRefreshTokens, "reusesRefreshTokens");
        Objects.requireNonNull(mayIntrospect, "mayIntrospect");
        within("devicePollInterval", devicePollInterval, Duration.ofSeconds(1), Duration.ofHours(1));
        within("userCodeWindow", userCodeWindow, Duration.ofSeconds(1), Duration.ofDays(1));
        within("signInWindow", signInWindow, Duration.ofSeconds(1), Duration.ofDays(1));
        within("secretOverlap", secretOverlap, Duration.ZERO, Duration.ofDays(366));
        within("userCodeTries", userCodeTries);
        within("signInTries", signInTries);
    }

    /** A builder that starts from the safe defaults. */
    public static ServicePolicyBuilder builder() {
        return ServicePolicyBuilder.builder()
                .refreshGrace(Grace.NONE)
                .reusesRefreshTokens(client -> false)
                .mayIntrospect((client, token) -> true)
                .devicePollInterval(Duration.ofSeconds(5))
                .userCodeTries(10)
                .userCodeWindow(Duration.ofMinutes(10))
                .signInTries(10)
                .signInWindow(Duration.ofMinutes(10))
                .secretOverlap(Duration.ofDays(1));
    }

    /** The safe defaults. */
    public static ServicePolicy defaults() {
        return builder().build();
    }

    private static void within(String name, int tries) {
        if (tries < 1 || tries > 1_000_000) {
            throw new IllegalArgumentException(name + " must lie between 1 and 1,000,000");
        }
    }

    private static void within(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0 || value.toNanosPart() != 0) {
            throw new IllegalArgumentException(
                    name + " must be whole seconds and lie between " + least + " and " + most);
        }
    }
}
