package io.qscope.spring;

import java.util.stream.Collectors;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerJwtAutoConfiguration;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A resource server, which its properties have check tokens by the issuer's keys or by introspection. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = {QscopeAutoConfiguration.class, OAuth2AuthorizationServerJwtAutoConfiguration.class})
@RestController
class ResourceServerApplication {

    @GetMapping("/who")
    String who(Authentication authentication) {
        return authentication.getName() + " "
                + authentication.getAuthorities().stream()
                        .map(GrantedAuthority::getAuthority)
                        .filter(authority -> authority != null && authority.startsWith("SCOPE_"))
                        .sorted()
                        .collect(Collectors.joining(" "));
    }
}
