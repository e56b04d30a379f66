package io.qscope.service;

import io.qscope.model.ClientConfig;
import io.qscope.model.OAuthClient;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What may be registered. Lengths and characters of single fields are the model's affair; this is OAuth's. */
final class ClientRules {

    /** Fewest characters of a chosen secret. */
    static final int LEAST_SECRET = 16;

    /** Most characters of a chosen secret. */
    static final int MOST_SECRET = 256;

    private static final Duration LONGEST_CODE = Duration.ofMinutes(10);
    private static final Set<String> PKCE_METHODS = Set.of(Pkce.S256, Pkce.PLAIN);
    private static final Set<String> KNOWN_GRANTS =
            Stream.of(GrantType.values()).map(GrantType::value).collect(Collectors.toUnmodifiableSet());

    private ClientRules() {}

    /**
     * Checks a client as it is to be stored.
     *
     * @throws Refusal naming the field and saying why not
     */
    static void check(OAuthClient client) {
        checkRedirectUris(client);
        client.grantTypes().forEach(ClientRules::checkGrantType);
        checkConfig(client.config());
        if (client.grantTypes().contains(GrantType.AUTHORIZATION_CODE.value())) {
            checkAuthorizationCode(client);
        }
        if (client.grantTypes().contains(GrantType.DEVICE_CODE.value())
                && client.config().deviceCodeTtl() == null) {
            throw Refusal.invalid("config.deviceCodeTtl: the device grant needs it (RFC 8628 §3.2)");
        }
        if (!client.isConfidential() && client.grantTypes().contains(GrantType.CLIENT_CREDENTIALS.value())) {
            throw Refusal.invalid("grantTypes: a public client may not have client_credentials (RFC 6749 §4.4)");
        }
    }

    /**
     * Checks a client identifier that somebody chose.
     *
     * @throws Refusal saying why not
     */
    static void checkIdentifier(String clientIdentifier) {
        if (!isPrintableAscii(clientIdentifier)) {
            throw Refusal.invalid("clientIdentifier must be printable ASCII (RFC 6749 appendix A.1)");
        }
    }

    /**
     * Checks a secret that somebody chose.
     *
     * @throws Refusal saying why not, without the secret
     */
    static void checkSecret(String chosen) {
        if (chosen.length() < LEAST_SECRET || chosen.length() > MOST_SECRET || !isPrintableAscii(chosen)) {
            throw Refusal.invalid("chosenSecret must have " + LEAST_SECRET + " to " + MOST_SECRET
                    + " characters, all printable ASCII (RFC 6749 appendix A.2); leave it out to have one generated");
        }
    }

    private static boolean isPrintableAscii(String value) {
        return value.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }

    private static void checkRedirectUris(OAuthClient client) {
        client.redirectUris().forEach(RedirectUris::check);
        if (new HashSet<>(client.redirectUris()).size() < client.redirectUris().size()) {
            throw Refusal.invalid("redirectUris: one is there twice");
        }
    }

    private static void checkGrantType(String grantType) {
        if (!KNOWN_GRANTS.contains(grantType) && !isAbsoluteUri(grantType)) {
            throw Refusal.invalid("grantTypes: "
                    + KNOWN_GRANTS.stream().sorted().collect(Collectors.joining(", "))
                    + " and absolute URIs of extension grants (RFC 6749 §4.5) may be registered; password and implicit"
                    + " are not safe (RFC 9700 §2.1.2, §2.4)");
        }
    }

    private static boolean isAbsoluteUri(String value) {
        try {
            return isPrintableAscii(value) && new URI(value).isAbsolute();
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    private static void checkConfig(ClientConfig config) {
        if (config.authorizationCodeTtl().compareTo(LONGEST_CODE) > 0) {
            throw Refusal.invalid("config.authorizationCodeTtl must be at most ten minutes (RFC 6749 §4.1.2)");
        }
        if (!PKCE_METHODS.containsAll(config.pkceMethods())) {
            throw Refusal.invalid("config.pkceMethods must be among S256 and plain (RFC 7636 §4.2)");
        }
    }

    private static void checkAuthorizationCode(OAuthClient client) {
        if (client.redirectUris().isEmpty()) {
            throw Refusal.invalid("redirectUris: the grant authorization_code needs at least one (RFC 9700 §2.1)");
        }
        if (!client.config().responseTypes().contains("code")) {
            throw Refusal.invalid("config.responseTypes: the grant authorization_code needs code (RFC 7591 §2.1)");
        }
        boolean needsPkce = client.config().requirePkce() || !client.isConfidential();
        if (needsPkce && client.config().pkceMethods().isEmpty()) {
            throw Refusal.invalid(
                    "config.pkceMethods: the client has to use PKCE and needs a method (RFC 9700 §2.1.1)");
        }
    }
}
