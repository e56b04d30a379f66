package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenExchangeActor;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenExchangeCompositeAuthenticationToken;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/** Principals, and what else of Spring's an authorization carries. */
class JacksonPrincipalCodecTest {

    private static final String PLACE = "place";

    private final PrincipalCodec principals = new JacksonPrincipalCodec();
    private final ValueCodec codec = ValueCodec.plain(principals, null);

    static UsernamePasswordAuthenticationToken token(@Nullable Object details) {
        UsernamePasswordAuthenticationToken token = UsernamePasswordAuthenticationToken.authenticated(
                User.withUsername("alice").password("x").roles("USER", "ADMIN").build(),
                null,
                List.of(
                        new SimpleGrantedAuthority("ROLE_USER"),
                        FactorGrantedAuthority.withAuthority("FACTOR_PASSWORD")
                                .issuedAt(Instant.parse("2030-01-01T00:00:00.123456Z"))
                                .build()));
        token.setDetails(details);
        return token;
    }

    static Stream<Authentication> known() {
        return Stream.of(
                token("details"),
                token(List.of()),
                token(List.of("a", "b", "c")),
                token(Set.of("a", "b", "c")),
                token(Map.of()),
                token(Map.of("k", "v")),
                token(Map.of("k", "v", "l", List.of(1, 2))),
                UsernamePasswordAuthenticationToken.unauthenticated("bob", "pw"),
                new RememberMeAuthenticationToken("key", "carol", AuthorityUtils.createAuthorityList("A")),
                new AnonymousAuthenticationToken("key", "anonymous", AuthorityUtils.createAuthorityList("A")),
                new OAuth2TokenExchangeCompositeAuthenticationToken(
                        token("details"), List.of(new OAuth2TokenExchangeActor(Map.of("iss", "i", "sub", "s")))));
    }

    @ParameterizedTest
    @MethodSource("known")
    void principalComesBackEqual(Authentication principal) {
        Map<String, Object> values = Map.of(java.security.Principal.class.getName(), principal);
        assertThat(codec.decode(codec.encode(values, PLACE), PLACE)).isEqualTo(values);
    }

    static Stream<Authentication> passwordLogins() {
        User erased = new User("carol", "pw", false, true, false, true, AuthorityUtils.createAuthorityList("B", "A"));
        erased.eraseCredentials();
        return Stream.of(
                token(null),
                token(new WebAuthenticationDetails("192.0.2.1", "session")),
                token(new WebAuthenticationDetails("192.0.2.1", null)),
                UsernamePasswordAuthenticationToken.authenticated("bob", null, List.of()),
                UsernamePasswordAuthenticationToken.authenticated(
                        erased, null, AuthorityUtils.createAuthorityList("A")));
    }

    /** A user equals another by its name alone, so the rest is compared one by one. */
    @ParameterizedTest
    @MethodSource("passwordLogins")
    void passwordLoginComesBackFieldByField(Authentication login) {
        String text = principals.encode(login);
        assertThat(text).startsWith("[").doesNotContain("springframework");
        assertThat(principals.decode(text))
                .isEqualTo(login)
                .usingRecursiveComparison()
                .withStrictTypeChecking()
                .isEqualTo(login);
    }

    /** What only looks like one: another class, or something that the short form has no place for. */
    @Test
    void whatIsNoPlainPasswordLoginIsLeftToSpringsModules() {
        for (Authentication other : List.of(
                token("details"),
                UsernamePasswordAuthenticationToken.unauthenticated("bob", "pw"),
                UsernamePasswordAuthenticationToken.authenticated("bob", "pw", List.of()),
                new RememberMeAuthenticationToken("key", "carol", AuthorityUtils.createAuthorityList("A")))) {
            assertThat(principals.encode(other)).startsWith("{");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[\"a\"]",
                "[null,[],null]",
                "[1,[],null]",
                "[\"a\",{},null]",
                "[\"a\",[1],null]",
                "[\"a\",[[\"F\",\"yesterday\"]],null]",
                "[\"a\",[[\"F\",\"1.9999999999\"]],null]",
                "[\"a\",[],[1,2]]",
                "[\"a\",[],\"b\"]",
                "[[\"a\"],[],null]",
                "[[\"a\",null,1,true,true,true,[]],[],null]"
            })
    void damagedPasswordLoginIsNotRead(String text) {
        assertThatExceptionOfType(UnreadableValueException.class).isThrownBy(() -> principals.decode(text));
    }

    @Test
    void classThatIsNotAllowedIsRefusedWhenSaved() {
        for (Authentication principal : List.of(
                token(new Own("secret", 1)),
                new TestingAuthenticationToken(new Own("secret", 1), null),
                new UsernamePasswordAuthenticationToken("x", null, List.of(() -> "LAMBDA")))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> codec.encode(Map.of("the.principal", principal), PLACE))
                    .withMessageStartingWith("the.principal ")
                    .withMessageContaining(principal.getClass().getName())
                    .satisfies(e -> assertThat(e.toString()).doesNotContain("secret"));
        }
    }

    @Test
    void classOfOnesOwnMayBeAllowed() {
        ValueCodec own = ValueCodec.plain(JacksonPrincipalCodec.allowing(Own.class), null);
        Map<String, Object> values =
                Map.of("p", new UsernamePasswordAuthenticationToken(new Own("x", 2), null, List.of()));
        assertThat(own.decode(own.encode(values, PLACE), PLACE)).isEqualTo(values);
        String text = own.encode(values, PLACE);
        assertThatExceptionOfType(UnreadableValueException.class)
                .isThrownBy(() -> codec.decode(text, PLACE))
                .withMessageContaining("cannot be read");
    }

    @Test
    void principalOfAnotherCodecIsRefusedWithItsName() {
        PrincipalCodec custom = new PrincipalCodec() {
            @Override
            public String name() {
                return "custom/3";
            }

            @Override
            public String encode(Authentication principal) {
                return principals.encode(principal);
            }

            @Override
            public Authentication decode(String text) {
                return principals.decode(text);
            }
        };
        String text = ValueCodec.plain(custom, null).encode(Map.of("p", token("d")), PLACE);
        assertThatExceptionOfType(UnreadableValueException.class)
                .isThrownBy(() -> codec.decode(text, PLACE))
                .withMessageContaining("custom/3")
                .withMessageContaining(principals.name());
    }

    @Test
    void authorizationRequestComesBackEqual() {
        OAuth2AuthorizationRequest bare = OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri("https://as.example/authorize")
                .clientId("app")
                .build();
        OAuth2AuthorizationRequest full = OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri("https://as.example/authorize?a=b")
                .clientId("app")
                .redirectUri("https://app.example/cb?x=1,2")
                .scope("openid", "a:b")
                .state("s t")
                .additionalParameters(Map.of("code_challenge", "c", "list", List.of("a"), "n", 1))
                .attributes(attributes -> attributes.put("own", Instant.EPOCH))
                .authorizationRequestUri("https://as.example/elsewhere")
                .build();
        for (OAuth2AuthorizationRequest request : List.of(bare, full)) {
            assertThat(request)
                    .as("every field is set, so that a new one would be missed")
                    .isEqualTo(codec.decode(codec.encode(Map.of("r", request), PLACE), PLACE)
                            .get("r"));
        }
        assertThat(full).hasNoNullFieldsOrProperties();
    }

    @Test
    void repeatedParameterComesBack() {
        OAuth2AuthorizationRequest request = OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri("https://as.example/authorize")
                .clientId("app")
                .additionalParameters(Map.of("resource", new String[] {"a", "b"}))
                .build();
        assertThat(codec.decode(codec.encode(Map.of("r", request), PLACE), PLACE)
                        .get("r"))
                .usingRecursiveComparison()
                .isEqualTo(request);
    }

    /** A user's own class. */
    public record Own(String name, int level) {}
}
