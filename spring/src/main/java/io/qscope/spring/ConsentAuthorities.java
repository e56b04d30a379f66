package io.qscope.spring;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/**
 * A consent's authorities as scopes of its row. Spring's {@code SCOPE_read} is the scope {@code read}; any other authority stands
 * behind a mark that no such scope is stored with, escaped so that it has the characters of a scope (RFC 6749 §3.3).
 */
final class ConsentAuthorities {

    private static final String SCOPE = "SCOPE_";
    private static final String MARK = "urn:qscope:authority:";
    private static final Pattern STORABLE = Pattern.compile("[!#-\\[\\]-~]+");

    private ConsentAuthorities() {}

    /** @throws IllegalArgumentException when it is of a class that could not be made again */
    static String stored(GrantedAuthority authority) {
        if (authority == null || authority.getClass() != SimpleGrantedAuthority.class) {
            throw new IllegalArgumentException("authorities has one of the class "
                    + (authority == null ? "null" : authority.getClass().getName())
                    + "; a consent can hold SimpleGrantedAuthority only");
        }
        String name = String.valueOf(authority.getAuthority());
        String scope = name.startsWith(SCOPE) ? name.substring(SCOPE.length()) : "";
        if (STORABLE.matcher(scope).matches() && !scope.startsWith(MARK)) {
            return scope;
        }
        String marked = MARK + URLEncoder.encode(name, StandardCharsets.UTF_8);
        if (!given(marked).equals(authority)) {
            throw new IllegalArgumentException("authorities has one with an unpaired surrogate");
        }
        return marked;
    }

    static GrantedAuthority given(String scope) {
        return new SimpleGrantedAuthority(
                scope.startsWith(MARK)
                        ? URLDecoder.decode(scope.substring(MARK.length()), StandardCharsets.UTF_8)
                        : SCOPE + scope);
    }
}
