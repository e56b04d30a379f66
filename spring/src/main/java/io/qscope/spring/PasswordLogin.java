package io.qscope.spring;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/**
 * Who logged in by name and password, as nearly every principal is, in a form of its own: Spring Security's modules take some hundred
 * times as long to read it. Plain values only; whatever is not of exactly these classes has no such form.
 */
final class PasswordLogin {

    private static final int PARTS = 3;
    private static final int USER_PARTS = 7;

    private PasswordLogin() {}

    /** Its form; null when it has none. */
    static @Nullable List<?> form(Authentication login) {
        if (login.getClass() != UsernamePasswordAuthenticationToken.class
                || !login.isAuthenticated()
                || login.getCredentials() != null) {
            return null;
        }
        Object principal = login.getPrincipal();
        Object user = principal instanceof String ? principal : user(principal);
        List<?> authorities = authorities(login.getAuthorities());
        Object details = login.getDetails();
        if (user == null
                || authorities == null
                || (details != null && details.getClass() != WebAuthenticationDetails.class)) {
            return null;
        }
        return Arrays.asList(
                user,
                authorities,
                details instanceof WebAuthenticationDetails web
                        ? Arrays.asList(web.getRemoteAddress(), web.getSessionId())
                        : null);
    }

    private static @Nullable List<?> user(@Nullable Object principal) {
        if (principal == null || principal.getClass() != User.class) {
            return null;
        }
        User user = (User) principal;
        List<?> authorities = authorities(user.getAuthorities());
        return authorities == null
                ? null
                : Arrays.asList(
                        user.getUsername(),
                        user.getPassword(),
                        user.isEnabled(),
                        user.isAccountNonExpired(),
                        user.isCredentialsNonExpired(),
                        user.isAccountNonLocked(),
                        authorities);
    }

    private static @Nullable List<?> authorities(Collection<? extends GrantedAuthority> granted) {
        List<Object> all = new ArrayList<>(granted.size());
        for (GrantedAuthority each : granted) {
            if (each.getClass() == SimpleGrantedAuthority.class) {
                all.add(text(each.getAuthority()));
            } else if (each instanceof FactorGrantedAuthority factor) {
                all.add(List.of(factor.getAuthority(), ExactInstant.text(factor.getIssuedAt())));
            } else {
                return null;
            }
        }
        return all;
    }

    /**
     * Whom a form is of.
     *
     * @throws UnreadableValueException when it is damaged
     */
    static Authentication of(List<?> form) {
        if (form.size() != PARTS || !(form.get(1) instanceof List<?> authorities)) {
            throw damaged();
        }
        Object principal = form.get(0) instanceof List<?> user ? user(user) : text(form.get(0));
        UsernamePasswordAuthenticationToken login =
                UsernamePasswordAuthenticationToken.authenticated(principal, null, granted(authorities));
        if (form.get(2) != null) {
            login.setDetails(details(form.get(2)));
        }
        return login;
    }

    private static WebAuthenticationDetails details(Object part) {
        if (part instanceof List<?> web && web.size() == 2) {
            Object session = web.get(1);
            return new WebAuthenticationDetails(text(web.get(0)), session == null ? null : text(session));
        }
        throw damaged();
    }

    private static User user(List<?> parts) {
        if (parts.size() != USER_PARTS || !(parts.get(USER_PARTS - 1) instanceof List<?> authorities)) {
            throw damaged();
        }
        Object password = parts.get(1);
        User user = new User(
                text(parts.get(0)),
                password == null ? "" : text(password),
                is(parts.get(2)),
                is(parts.get(3)),
                is(parts.get(4)),
                is(parts.get(5)),
                granted(authorities));
        if (password == null) {
            user.eraseCredentials();
        }
        return user;
    }

    private static List<GrantedAuthority> granted(List<?> authorities) {
        List<GrantedAuthority> granted = new ArrayList<>(authorities.size());
        for (Object each : authorities) {
            if (each instanceof List<?> factor && factor.size() == 2) {
                Instant issuedAt = ExactInstant.parse(text(factor.get(1)));
                granted.add(FactorGrantedAuthority.withAuthority(text(factor.get(0)))
                        .issuedAt(issuedAt)
                        .build());
            } else {
                granted.add(new SimpleGrantedAuthority(text(each)));
            }
        }
        return granted;
    }

    private static boolean is(@Nullable Object part) {
        if (part instanceof Boolean flag) {
            return flag;
        }
        throw damaged();
    }

    private static String text(@Nullable Object part) {
        if (part instanceof String text) {
            return text;
        }
        throw damaged();
    }

    private static UnreadableValueException damaged() {
        return new UnreadableValueException("the stored principal is damaged");
    }
}
