package io.qscope.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qscope.model.OAuthClient;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which redirect URIs may be registered, and which requested ones match them. */
class RedirectUrisTest {

    private static String resolved(@Nullable String requested, String... registered) {
        OAuthClient client = OAuthClient.builder()
                .id("id")
                .clientIdentifier("client")
                .redirectUris(List.of(registered))
                .createdAt(Instant.EPOCH)
                .createdBy("test")
                .build();
        return RedirectUris.resolve(client, requested);
    }

    private static void assertNotRegistered(String requested, String registered) {
        assertThatThrownBy(() -> resolved(requested, registered))
                .as("%s for %s", requested, registered)
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("RFC 9700 §2.1")
                .hasMessageNotContaining(requested);
    }

    private static void assertRefused(String redirectUri, String why) {
        assertThatThrownBy(() -> RedirectUris.check(redirectUri))
                .as(redirectUri)
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("redirectUris: ")
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://client.example/callback",
                "https://client.example",
                "https://client.example:8443/callback?tenant=1&x=%2F",
                "https://xn--mnchen-3ya.example/callback",
                "https://192.0.2.1/callback",
                "https://[2001:db8::1]/callback",
                "https://localhost/callback",
                "http://127.0.0.1/callback",
                "http://127.0.0.1:8080/callback",
                "http://[::1]/callback",
                "http://[::1]:65535/callback",
                "com.example.app:/callback",
                "com.example.app://callback"
            })
    void rfc8252_7_httpsLoopbackAndAppsOwnSchemesMayBeRegistered(String redirectUri) {
        assertThatCode(() -> RedirectUris.check(redirectUri)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://client.example/cb#part", "https://client.example/cb#", "com.example.app:/cb#x"})
    void rfc6749_3_1_2_fragmentsAreRefused(String redirectUri) {
        assertRefused(redirectUri, "fragment");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/callback", "client.example/callback", "//client.example/callback", "?a=b", "callback"})
    void rfc6749_3_1_2_whatIsNotAbsoluteIsRefused(String redirectUri) {
        assertRefused(redirectUri, "absolute");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://client.example/callback",
                "HTTP://client.example/callback",
                "http://127.0.0.2/callback",
                "http://2130706433/callback",
                "http://0.0.0.0/callback",
                "http://[::]/callback",
                "http://[0:0:0:0:0:0:0:1]/callback",
                "http://[::ffff:127.0.0.1]/callback",
                "http://127.0.0.1.evil.example/callback",
                "http://[2001:db8::1]/callback"
            })
    void rfc8252_7_3_httpIsForTheLoopbackAddressesOnly(String redirectUri) {
        assertRefused(redirectUri, "must have the scheme https");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/callback",
                "http://localhost:8080/callback",
                "http://LOCALHOST/callback",
                "http://localhost./callback",
                "http://app.localhost/callback"
            })
    void rfc8252_8_3_httpOnLocalhostIsRefusedSinceANameMayLeadElsewhere(String redirectUri) {
        assertRefused(redirectUri, "§8.3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "JavaScript:alert(1)",
                "data:text/html,hello",
                "vbscript:x",
                "file:///etc/passwd",
                "blob:https://client.example/1",
                "about:blank",
                "view-source:https://client.example/",
                "mailto:someone@client.example",
                "ftp://client.example/callback",
                "ws://client.example/callback",
                "urn:ietf:wg:oauth:2.0:oob",
                "myapp://callback",
                "intent://callback"
            })
    void rfc8252_7_1_schemesThatAreNoReverseDomainNamesAreRefused(String redirectUri) {
        assertRefused(redirectUri, "§7.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user@client.example/callback",
                "https://user:password@client.example/callback",
                "https://client.example@evil.example/callback",
                "http://127.0.0.1@evil.example/callback",
                "com.example.app://user@callback"
            })
    void rfc3986_3_2_1_userInformationIsRefused(String redirectUri) {
        assertRefused(redirectUri, "must name no user");
        assertThatThrownBy(() -> RedirectUris.check(redirectUri)).hasMessageNotContaining("password");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://",
                "https:callback",
                "http://127.1/callback",
                "http://0x7f.0.0.1/callback",
                "https:///callback",
                "https://*.client.example/callback",
                "https://client_1.example/callback",
                "https://client.example:99999/callback",
                "https://client.example:port/callback",
                "https://client.example\\@evil.example/callback",
                "https://client.example/%zz",
                "https://client.example/%2",
                "https://client.example/<script>",
                "https://[::1/callback",
                "http://[::1%25eth0]/callback",
                "1com.example.app:/callback",
                "com.example.app:",
                ":",
                "https://client.example/callback{x}"
            })
    void rfc3986_whatIsMalformedIsRefused(String redirectUri) {
        assertRefused(redirectUri, "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://münchen.example/callback",
                "https://client.example/zurück",
                "https://cl\u0456ent.example/callback",
                "https://client.example/call back",
                " https://client.example/callback",
                "https://client.example/callback\n",
                "https://client.example/\u0000",
                "https://client\u3002example/callback"
            })
    void rfc3986_2_onlyAsciiIsRegisteredSoThatOneHostHasOneSpelling(String redirectUri) {
        assertRefused(redirectUri, "ASCII");
    }

    @Test
    void rfc9700_2_1_whatIsRegisteredMatches() {
        assertThat(resolved("https://a.example/2", "https://a.example/1", "https://a.example/2"))
                .isEqualTo("https://a.example/2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://client.example/callback/",
                "https://client.example/Callback",
                "https://CLIENT.example/callback",
                "HTTPS://client.example/callback",
                "https://client.example:443/callback",
                "https://client.example/callback?",
                "https://client.example/callback?a=b",
                "https://client.example/callback#",
                "https://client.example/callback%20",
                "https://client.example/c%61llback",
                "https://client.example/x/../callback",
                "https://client.example//callback",
                "https://client.example./callback",
                "https://user@client.example/callback",
                "https://client.example\\.evil.example/callback",
                "https://client.example.evil.example/callback",
                "https://sub.client.example/callback",
                "http://client.example/callback",
                " https://client.example/callback",
                "https://client.example/callback\n",
                "https://client.example/callback\u0000",
                ""
            })
    void rfc9700_2_1_whateverDiffersInACharacterDoesNotMatch(String requested) {
        assertThatThrownBy(() -> resolved(requested, "https://client.example/callback"))
                .isInstanceOf(Refusal.class);
    }

    @Test
    void rfc9700_2_1_aQueryIsComparedToo() {
        String registered = "https://client.example/callback?a=%2F&b";
        assertThat(resolved(registered, registered)).isEqualTo(registered);
        assertNotRegistered("https://client.example/callback?a=%2f&b", registered);
        assertNotRegistered("https://client.example/callback?a=/&b", registered);
        assertNotRegistered("https://client.example/callback?b&a=%2F", registered);
        assertNotRegistered("https://client.example/callback?a=%2F&b&c", registered);
        assertNotRegistered("https://client.example/callback", registered);
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:51004/callback, http://127.0.0.1/callback",
        "http://127.0.0.1:51004/callback, http://127.0.0.1:80/callback",
        "http://127.0.0.1/callback, http://127.0.0.1:8080/callback",
        "http://[::1]:51004/callback, http://[::1]/callback",
        "http://[::1]:1/callback?a=b, http://[::1]:2/callback?a=b",
        "http://127.0.0.1:51004, http://127.0.0.1",
        "http://127.0.0.1:51004?a=b, http://127.0.0.1?a=b"
    })
    void rfc8252_7_3_aLoopbackAddressMatchesWithAnyPort(String requested, String registered) {
        assertThat(resolved(requested, registered)).isEqualTo(requested);
    }

    @ParameterizedTest
    @CsvSource({
        "https://127.0.0.1:51004/callback, https://127.0.0.1/callback",
        "https://[::1]:51004/callback, https://[::1]/callback",
        "https://client.example:51004/callback, https://client.example/callback",
        "http://localhost:51004/callback, http://localhost/callback",
        "http://127.0.0.2:51004/callback, http://127.0.0.2/callback",
        "HTTP://127.0.0.1:51004/callback, http://127.0.0.1/callback",
        "com.example.app://callback:51004, com.example.app://callback",
        "http://127.0.0.1:510040/callback, http://127.0.0.10/callback",
        "http://127.0.0.1:1@evil.example/callback, http://127.0.0.1@evil.example/callback",
        "http://127.0.0.1:1.evil.example/callback, http://127.0.0.1.evil.example/callback"
    })
    void rfc8252_7_3_nothingElseMatchesWithAnotherPort(String requested, String registered) {
        assertNotRegistered(requested, registered);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:51004/other",
                "http://127.0.0.1:51004/Callback",
                "http://127.0.0.1:51004/callback?a=b",
                "http://127.0.0.1:51004/callback#part",
                "http://127.0.0.1:51004@evil.example/callback",
                "http://127.0.0.1:51004\\@evil.example/callback",
                "http://127.0.0.1:51004.evil.example/callback",
                "http://user@127.0.0.1:51004/callback",
                "http://[::1]:51004/callback",
                "http://127.0.0.1:/callback",
                "http://127.0.0.1:+1/callback",
                "http://127.0.0.1:510040/callback",
                "http://127.0.0.1:\u0661/callback",
                "http://127.0.0.1:1:2/callback",
                "http://127.0.0.1:51004/callback\n",
                "\nhttp://127.0.0.1:51004/callback",
                "http://127.0.0.1.evil.example:51004/callback"
            })
    void rfc8252_7_3_onlyThePortOfALoopbackAddressMayDiffer(String requested) {
        assertThatThrownBy(() -> resolved(requested, "http://127.0.0.1/callback"))
                .isInstanceOf(Refusal.class);
    }

    @Test
    void rfc6749_3_1_2_3_aRequestMayLeaveItOutWhereOneIsRegistered() {
        assertThat(resolved(null, "https://a.example/1")).isEqualTo("https://a.example/1");
        assertThatThrownBy(() -> resolved(null, "https://a.example/1", "https://a.example/2"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("missing");
        assertThatThrownBy(() -> resolved(null)).isInstanceOf(Refusal.class).hasMessageContaining("missing");
    }

    @Test
    void aVeryLongRequestIsRefusedLikeAnyOther() {
        String longest = "http://127.0.0.1:1/" + "a".repeat(5_000_000);
        assertThatThrownBy(() -> resolved(longest, "http://127.0.0.1/callback")).isInstanceOf(Refusal.class);
    }
}
