package io.qscope.spring;

import java.util.Objects;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerJwtAutoConfiguration;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.annotation.RegisteredOAuth2AuthorizedClient;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/** An application whose users log in at the authorization server, and which calls a resource server for them. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = {QscopeAutoConfiguration.class, OAuth2AuthorizationServerJwtAutoConfiguration.class})
@RestController
class ClientApplication {

    private final String resource;

    ClientApplication(@Value("${resource}") String resource) {
        this.resource = resource;
    }

    @GetMapping("/me")
    String me(@AuthenticationPrincipal OidcUser user) {
        return Objects.requireNonNull(user.getSubject());
    }

    @GetMapping("/token")
    String token(@RegisteredOAuth2AuthorizedClient OAuth2AuthorizedClient client) {
        return client.getAccessToken().getTokenValue();
    }

    /** What the resource server says of the user's token, which is renewed before when it is about to expire. */
    @GetMapping("/call")
    String call(@RegisteredOAuth2AuthorizedClient OAuth2AuthorizedClient client) {
        return String.valueOf(RestClient.create(resource)
                .get()
                .uri("/who")
                .headers(
                        headers -> headers.setBearerAuth(client.getAccessToken().getTokenValue()))
                .retrieve()
                .body(String.class));
    }
}
