package io.qscope.spring;

import static org.springframework.security.config.Customizer.withDefaults;
import static org.springframework.security.crypto.password.Pbkdf2PasswordEncoder.SecretKeyFactoryAlgorithm.PBKDF2WithHmacSHA256;

import jakarta.servlet.DispatcherType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.crypto.password.Pbkdf2PasswordEncoder;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.resource.authentication.OpaqueTokenAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.OAuth2IntrospectionAuthenticatedPrincipal;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.util.matcher.MediaTypeRequestMatcher;

/**
 * An authorization server as a user of Spring Boot writes one, with every grant switched on, and two users. That it stores by qscope
 * is not to be seen here: that is the dependency and the property.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class AuthorizationServerApplication {

    static final String PASSWORD = "correct horse";

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    SecurityFilterChain authorizationServer(HttpSecurity http, OAuth2AuthorizationService authorizations) {
        http.oauth2AuthorizationServer(server -> {
            http.securityMatcher(server.getEndpointsMatcher());
            server.oidc(withDefaults())
                    .pushedAuthorizationRequestEndpoint(withDefaults())
                    .deviceAuthorizationEndpoint(withDefaults());
        });
        // The user info endpoint takes JWTs by itself.
        http.authenticationProvider(new OpaqueTokenAuthenticationProvider(token -> opaque(authorizations, token)));
        http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated());
        MediaTypeRequestMatcher pages = new MediaTypeRequestMatcher(MediaType.TEXT_HTML);
        pages.setIgnoredMediaTypes(Set.of(MediaType.ALL));
        http.exceptionHandling(exceptions ->
                exceptions.defaultAuthenticationEntryPointFor(new LoginUrlAuthenticationEntryPoint("/login"), pages));
        return http.build();
    }

    private static OAuth2AuthenticatedPrincipal opaque(OAuth2AuthorizationService authorizations, String token) {
        OAuth2Authorization found =
                token.contains(".") ? null : authorizations.findByToken(token, OAuth2TokenType.ACCESS_TOKEN);
        OAuth2Authorization.Token<OAuth2AccessToken> access = found == null ? null : found.getAccessToken();
        if (found == null || access == null || !access.isActive()) {
            throw new BadOpaqueTokenException("not active");
        }
        Map<String, Object> claims = Objects.requireNonNull(access.getClaims());
        return new OAuth2IntrospectionAuthenticatedPrincipal(found.getPrincipalName(), claims, List.of());
    }

    @Bean
    SecurityFilterChain pages(HttpSecurity http) {
        http.authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                .permitAll()
                .requestMatchers("/actuator/health")
                .permitAll()
                .anyRequest()
                .authenticated());
        http.formLogin(withDefaults());
        return http.build();
    }

    /** Cheap, for thousands of requests. */
    @Bean
    PasswordEncoder passwords() {
        return new DelegatingPasswordEncoder(
                "pbkdf2", Map.of("pbkdf2", new Pbkdf2PasswordEncoder("", 16, 1, PBKDF2WithHmacSHA256)));
    }

    @Bean
    UserDetailsService users(PasswordEncoder passwords) {
        return new InMemoryUserDetailsManager(user("alice", passwords), user("bob", passwords));
    }

    private static UserDetails user(String name, PasswordEncoder passwords) {
        return User.withUsername(name)
                .password(passwords.encode(PASSWORD))
                .roles("USER")
                .build();
    }
}
