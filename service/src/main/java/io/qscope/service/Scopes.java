package io.qscope.service;

import io.qscope.model.OAuthClient;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which scopes a request gets (RFC 6749 §3.3). */
final class Scopes {

    /** A client may have more scopes than an entry's metadata has room for. */
    private static final int MOST_TOLD = 4_000;

    private Scopes() {}

    /**
     * What a client asked for, or all that it may have when it asked for none.
     *
     * @throws Refusal when it asked for more than it may have
     */
    static Set<String> allowed(OAuthClient client, @Nullable Set<String> requested) {
        return within(client.scopes(), requested, "the client may not have a scope that was asked for");
    }

    /**
     * What was asked for of a grant, or all of it when nothing was (RFC 6749 §6).
     *
     * @throws Refusal when more was asked for than was granted
     */
    static Set<String> narrowed(Set<String> granted, @Nullable Set<String> requested) {
        return within(granted, requested, "the scope exceeds what was granted (RFC 6749 §6)");
    }

    /**
     * What of a grant the client may still have: an operator may have narrowed the client since.
     *
     * @throws Refusal when nothing is left of it
     */
    static Set<String> stillAllowed(OAuthClient client, Set<String> granted) {
        if (client.scopes().containsAll(granted)) {
            return granted;
        }
        Set<String> left = new LinkedHashSet<>(granted);
        left.retainAll(client.scopes());
        if (left.isEmpty()) {
            throw new Refusal(ServiceError.INVALID_SCOPE, "the client may no longer have what was granted");
        }
        return left;
    }

    /** Scopes as an audit entry tells them: cut where they are too many for one. */
    static String told(Set<String> scopes) {
        String all = String.join(" ", scopes);
        return all.length() <= MOST_TOLD ? all : all.substring(0, MOST_TOLD) + "…";
    }

    private static Set<String> within(Set<String> most, @Nullable Set<String> requested, String otherwise) {
        if (requested == null || requested.isEmpty()) {
            return most;
        }
        if (!most.containsAll(requested)) {
            throw new Refusal(ServiceError.INVALID_SCOPE, otherwise);
        }
        return requested;
    }
}
