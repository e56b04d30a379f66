package io.qscope.service;

import io.qscope.model.OAuthClient;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where authorization responses may go: compared with the registered ones exactly, character by character (RFC 9700 §2.1), but
 * for the port of a loopback address, which a native app learns when it starts (RFC 8252 §7.3).
 */
final class RedirectUris {

    /** Addresses, not the name {@code localhost}: a name may lead elsewhere (RFC 8252 §8.3). */
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]");

    /** The port of a loopback address: nothing but a path or a query may follow, so that it is the whole authority. */
    private static final Pattern LOOPBACK_PORT =
            Pattern.compile("\\A(http://(?:127\\.0\\.0\\.1|\\[::1\\])):[0-9]{1,5}(?=[/?]|\\z)");

    private static final int HIGHEST_PORT = 65_535;

    private RedirectUris() {}

    /**
     * Checks a redirect URI that is to be registered. What is allowed is named, so that what is not thought of is refused: {@code
     * https}, {@code http} on a loopback address (RFC 8252 §7.3), and schemes of an app's own (§7.1).
     *
     * @throws Refusal saying why not
     */
    static void check(String redirectUri) {
        if (!redirectUri.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw invalid("must be ASCII: a host's name as xn--…, the rest percent-encoded (RFC 3986 §2)");
        }
        URI uri;
        try {
            uri = new URI(redirectUri);
        } catch (URISyntaxException e) {
            throw invalid("malformed: " + e.getReason());
        }
        if (!uri.isAbsolute()) {
            throw invalid("must be absolute (RFC 6749 §3.1.2)");
        }
        if (uri.getRawFragment() != null) {
            throw invalid("must have no fragment (RFC 6749 §3.1.2)");
        }
        if (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@")) {
            throw invalid("must name no user");
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (scheme.equals("https") || scheme.equals("http")) {
            checkWeb(uri, scheme);
        } else if (!scheme.contains(".")) {
            throw invalid(
                    "must have the scheme https, http on a loopback address, or a reverse domain name of the app's"
                            + " own, such as com.example.app (RFC 8252 §7.1)");
        }
    }

    private static void checkWeb(URI uri, String scheme) {
        if (uri.getHost() == null) {
            throw invalid("must name a host");
        }
        if (uri.getPort() > HIGHEST_PORT) {
            throw invalid("must have a port up to " + HIGHEST_PORT);
        }
        if (scheme.equals("http") && !LOOPBACK.contains(uri.getHost())) {
            throw invalid(
                    "must have the scheme https, unless it is on 127.0.0.1 or [::1] (RFC 8252 §7.3; not localhost, §8.3)");
        }
    }

    private static Refusal invalid(String why) {
        return Refusal.invalid("redirectUris: " + why);
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
        return LOOPBACK_PORT.matcher(value).replaceFirst("$1");
    }
}
