package io.qscope.spring;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;

/**
 * An authorization request as a map of its parts, and back. Grant type and response type are not among them: the class knows one
 * of each.
 */
final class AuthorizationRequestParts {

    private AuthorizationRequestParts() {}

    static Map<String, @Nullable Object> of(OAuth2AuthorizationRequest request) {
        Map<String, @Nullable Object> parts = new LinkedHashMap<>();
        parts.put("authorizationUri", request.getAuthorizationUri());
        parts.put("clientId", request.getClientId());
        parts.put("redirectUri", request.getRedirectUri());
        parts.put("scopes", request.getScopes());
        parts.put("state", request.getState());
        parts.put("additionalParameters", request.getAdditionalParameters());
        parts.put("attributes", request.getAttributes());
        parts.put("authorizationRequestUri", request.getAuthorizationRequestUri());
        return parts;
    }

    /** @throws RuntimeException of some kind when the parts make no request: damage by hand */
    @SuppressWarnings("unchecked")
    static OAuth2AuthorizationRequest request(Map<?, ?> parts) {
        return OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri((String) required(parts, "authorizationUri"))
                .clientId((String) required(parts, "clientId"))
                .redirectUri((String) parts.get("redirectUri"))
                .scopes((Set<String>) parts.get("scopes"))
                .state((String) parts.get("state"))
                .additionalParameters((Map<String, Object>) required(parts, "additionalParameters"))
                .attributes((Map<String, Object>) required(parts, "attributes"))
                .authorizationRequestUri((String) required(parts, "authorizationRequestUri"))
                .build();
    }

    private static Object required(Map<?, ?> parts, String name) {
        Object part = parts.get(name);
        if (part == null) {
            throw new IllegalArgumentException("an authorization request lacks " + name);
        }
        return part;
    }
}
