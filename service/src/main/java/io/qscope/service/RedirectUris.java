package io.qscope.service;

import io.qscope.model.OAuthClient;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where authorization responses may go: compared with the registered ones exactly, character by character (RFC 9700 §2.1), but
 * for the port of a loopback address, which a native app learns when it starts (RFC 8252 §7.3).
 */
final class RedirectUris {

    /** Addresses, not the name {@code localhost}: a name may lead elsewhere (RFC 8252 §8.3). */
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]");

    private static final Set<String> DANGEROUS = Set.of("javascript", "data", "vbscript", "file", "blob", "about");

    private RedirectUris() {}

    /**
     * Checks a redirect URI that is to be registered.
     *
     * @throws Refusal saying why not
     */
    static void check(String redirectUri) {
        URI uri;
        try {
            uri = new URI(redirectUri);
        } catch (URISyntaxException e) {
            throw Refusal.invalid("a redirect URI is malformed: " + e.getReason());
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (scheme.isEmpty()) {
            throw Refusal.invalid("a redirect URI must be absolute (RFC 6749 §3.1.2)");
        }
        if (uri.getRawFragment() != null) {
            throw Refusal.invalid("a redirect URI must have no fragment (RFC 6749 §3.1.2)");
        }
        if (uri.getRawUserInfo() != null) {
            throw Refusal.invalid("a redirect URI must name no user");
        }
        if (DANGEROUS.contains(scheme)) {
            throw Refusal.invalid("a redirect URI must not have the scheme " + scheme);
        }
        boolean web = scheme.equals("https") || scheme.equals("http");
        if (web && uri.getHost() == null) {
            throw Refusal.invalid("a redirect URI must name a host");
        }
        if (scheme.equals("http") && !isLoopback(uri)) {
            throw Refusal.invalid("a redirect URI with http must be on 127.0.0.1 or [::1]; use https (RFC 8252 §7.3)");
        }
        if (!web && !scheme.contains(".")) {
            throw Refusal.invalid(
                    "a redirect URI with a scheme of an app's own must have a reverse domain name as its scheme,"
                            + " such as com.example.app (RFC 8252 §7.1)");
        }
    }

    private static boolean isLoopback(URI uri) {
        return uri.getHost() != null && LOOPBACK.contains(uri.getHost());
    }

    /**
     * Where the response to a request goes.
     *
     * @param requested as sent; none when the request had none, which is good only where one is registered (RFC 6749 §3.1.2.3)
     * @throws Refusal when it is not one of the client's: the answer must then be shown to the user and sent nowhere
     */
    static String resolve(OAuthClient client, @Nullable String requested) {
        List<String> registered = client.redirectUris();
        if (requested == null) {
            if (registered.size() == 1) {
                return registered.get(0);
            }
            throw Refusal.invalidRequest("redirect_uri is missing (RFC 6749 §3.1.2.3)");
        }
        if (registered.stream().noneMatch(one -> matches(one, requested))) {
            throw Refusal.invalidRequest("redirect_uri is not registered for this client (RFC 9700 §2.1)");
        }
        return requested;
    }

    private static boolean matches(String registered, String requested) {
        return registered.equals(requested) || withoutPort(registered).equals(withoutPort(requested));
    }

    /** A loopback {@code http} URI with its port taken out; any other as it is. */
    private static String withoutPort(String value) {
        try {
            URI uri = new URI(value);
            if (!"http".equals(uri.getScheme()) || !isLoopback(uri) || uri.getRawUserInfo() != null) {
                return value;
            }
            return uri.getPort() < 0 ? value : value.replaceFirst("^(http://(?:127\\.0\\.0\\.1|\\[::1\\])):\\d+", "$1");
        } catch (URISyntaxException malformed) {
            return value;
        }
    }
}
