package io.qscope.service;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a token is (RFC 7662 §2.2). Of one that is not active nothing else is told, so that nobody learns why.
 *
 * @param active whether it is good now
 * @param claims the other members of the response, by their RFC names; empty unless active
 */
public record Introspection(boolean active, Map<String, Object> claims) {

    /** Not active, and nothing else. */
    static final Introspection INACTIVE = new Introspection(false, Map.of());

    /** Copies the claims. */
    public Introspection {
        claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
    }

    /** The whole response, as it is written in JSON. */
    public Map<String, Object> response() {
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("active", active);
        response.putAll(claims);
        return response;
    }

    /** What is common to access and refresh tokens. */
    static Introspection of(
            Map<String, Object> metadata,
            Set<String> scopes,
            String clientIdentifier,
            @Nullable String userId,
            @Nullable String tokenType,
            Instant issuedAt,
            @Nullable Instant expiresAt,
            String rowId,
            @Nullable String issuer) {
        Map<String, Object> claims = new LinkedHashMap<>();
        for (String known : List.of("aud", "cnf")) {
            if (metadata.containsKey(known)) {
                claims.put(known, metadata.get(known));
            }
        }
        claims.put("scope", String.join(" ", scopes));
        claims.put("client_id", clientIdentifier);
        // Only a user is a subject: a client that chose a user's name as its identifier must not pass for the user (RFC
        // 9700 §4.15).
        if (userId != null) {
            claims.put("sub", userId);
        }
        if (tokenType != null) {
            claims.put("token_type", tokenType);
        }
        claims.put("iat", issuedAt.getEpochSecond());
        claims.put("nbf", issuedAt.getEpochSecond());
        if (expiresAt != null) {
            claims.put("exp", expiresAt.getEpochSecond());
        }
        if (issuer != null) {
            claims.put("iss", issuer);
        }
        claims.put("jti", rowId);
        return new Introspection(true, claims);
    }
}
