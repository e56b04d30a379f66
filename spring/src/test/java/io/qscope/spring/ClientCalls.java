package io.qscope.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/**
 * What a client says to the server itself, with its secret, or without where it has none. Forms are names and values, by turns.
 *
 * @param registered the client
 * @param secret none: the client is public
 * @param verifier of all its requests with PKCE
 */
record ClientCalls(
        HttpTransport transport,
        RegisteredClient registered,
        @Nullable String secret,
        String verifier) {

    static final String REDIRECT_URI = "https://client.example/callback";

    ClientCalls(HttpTransport transport, RegisteredClient registered, @Nullable String secret) {
        this(transport, registered, secret, UUID.randomUUID().toString() + UUID.randomUUID());
    }

    /** The same client over another way. */
    ClientCalls over(HttpTransport other) {
        return new ClientCalls(other, registered, secret, verifier);
    }

    HttpTransport.Request request(String path, String... form) {
        Map<String, String> headers = new HashMap<>();
        String[] sent = form;
        if (secret == null) {
            sent = Forms.joined(form, "client_id", registered.getClientId());
        } else {
            String credentials = registered.getClientId() + ":" + secret;
            headers.put("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8)));
        }
        return new HttpTransport.Request(transport.base().resolve(path), headers, Forms.encoded(sent));
    }

    private Answer post(String path, String... form) {
        return transport.send(request(path, form));
    }

    Answer token(String grantType, String... form) {
        return transport.send(tokenRequest(grantType, form));
    }

    HttpTransport.Request tokenRequest(String grantType, String... form) {
        return request("/oauth2/token", Forms.joined(form, "grant_type", grantType));
    }

    HttpTransport.Request codeRequest(String code) {
        return tokenRequest(
                "authorization_code", "code", code, "redirect_uri", REDIRECT_URI, "code_verifier", verifier);
    }

    Answer redeem(String code) {
        return transport.send(codeRequest(code));
    }

    HttpTransport.Request refreshRequest(String refreshToken) {
        return tokenRequest("refresh_token", "refresh_token", refreshToken);
    }

    Answer refresh(String refreshToken) {
        return transport.send(refreshRequest(refreshToken));
    }

    Answer startDevice(String scope) {
        return post("/oauth2/device_authorization", "scope", scope).is(200);
    }

    HttpTransport.Request deviceRequest(String deviceCode) {
        return tokenRequest("urn:ietf:params:oauth:grant-type:device_code", "device_code", deviceCode);
    }

    Answer poll(String deviceCode) {
        return transport.send(deviceRequest(deviceCode));
    }

    /** Pushes a request that {@link #authorizationUri} would carry. */
    Answer push(String scope) {
        return post("/oauth2/par", parameters(scope));
    }

    String pushedUri(String requestUri) {
        return "/oauth2/authorize?" + Forms.encoded("client_id", registered.getClientId(), "request_uri", requestUri);
    }

    HttpTransport.Request revokeRequest(String token) {
        return request("/oauth2/revoke", "token", token);
    }

    Answer revoke(String token) {
        return transport.send(revokeRequest(token));
    }

    Answer introspect(String token) {
        return post("/oauth2/introspect", "token", token).is(200);
    }

    boolean isActive(String token) {
        return introspect(token).json().get("active").asBoolean();
    }

    /** Where this client sends a user. */
    String authorizationUri(String scope, String... more) {
        return "/oauth2/authorize?" + Forms.encoded(Forms.joined(parameters(scope), more));
    }

    private String[] parameters(String scope) {
        return new String[] {
            "response_type",
            "code",
            "client_id",
            registered.getClientId(),
            "redirect_uri",
            REDIRECT_URI,
            "scope",
            scope,
            "state",
            "state-of-client",
            "code_challenge",
            challenge(),
            "code_challenge_method",
            "S256"
        };
    }

    private String challenge() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A code for a user who has logged in, and is not asked for consent. */
    String code(Browser browser, String scope) {
        return browser.get(authorizationUri(scope)).redirectsTo(REDIRECT_URI).parameter("code");
    }

    /** Tokens for a user who has logged in, and is not asked for consent. */
    Answer tokens(Browser browser, String scope) {
        return redeem(code(browser, scope)).is(200);
    }
}
