package io.qscope.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server answered. */
final class Answer {

    private static final JsonMapper JSON = new JsonMapper();

    private final int status;
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final String body;

    Answer(int status, Map<String, List<String>> headers, String body) {
        this.status = status;
        this.headers.putAll(headers);
        this.body = body;
    }

    int status() {
        return status;
    }

    String body() {
        return body;
    }

    List<String> headers(String name) {
        return headers.getOrDefault(name, List.of());
    }

    @Nullable
    String header(String name) {
        return headers(name).stream().findFirst().orElse(null);
    }

    /** The same, if its status is this one. */
    Answer is(int expected) {
        assertThat(status).as("status of %s", this).isEqualTo(expected);
        return this;
    }

    /** The same, if it is an OAuth error, as JSON or on an error page. */
    Answer isError(int expected, String error) {
        is(expected);
        assertThat(body).containsAnyOf("\"error\":\"" + error + "\"", "[" + error + "]");
        return this;
    }

    /** The same, if it sends the user agent there, whatever the query. */
    Answer redirectsTo(String start) {
        is(302);
        assertThat(header("Location")).startsWith(start);
        return this;
    }

    JsonNode json() {
        return JSON.readTree(body);
    }

    /** A field of the JSON object; there must be one. */
    String text(String field) {
        JsonNode value = json().get(field);
        assertThat(value).as("%s of %s", field, this).isNotNull();
        return value.asString();
    }

    String accessToken() {
        return text("access_token");
    }

    String refreshToken() {
        return text("refresh_token");
    }

    /** A parameter that a redirect carries; there must be one. */
    String parameter(String name) {
        String query = URI.create(Objects.requireNonNull(header("Location"))).getRawQuery();
        for (String pair : query.split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        throw new AssertionError("no " + name + " in " + query);
    }

    @Override
    public String toString() {
        return status + " " + headers + " " + body;
    }
}
