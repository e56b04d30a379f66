package io.qscope.spring;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.HtmlUtils;

/** A user agent: keeps the cookies of each server, and fills in forms. Redirects are followed when its user says so. */
final class Browser {

    private static final Pattern HIDDEN = Pattern.compile("<input[^>]*type=\"hidden\"[^>]*>");
    private static final Pattern ACTION = Pattern.compile("<form[^>]* action=\"([^\"]*)\"");

    private final HttpTransport transport;
    private final Map<String, Map<String, String>> cookies = new HashMap<>();
    private URI page;

    Browser(HttpTransport transport) {
        this.transport = transport;
        this.page = transport.base();
    }

    Answer get(String uri) {
        return send(uri, null);
    }

    /** Posts names and values, by turns. */
    Answer post(String uri, String... form) {
        return send(uri, Forms.encoded(form));
    }

    /** Goes where an answer sends it. */
    Answer follow(Answer redirect) {
        return get(Objects.requireNonNull(redirect.is(302).header("Location")));
    }

    /** Sends the form of a page, with its hidden fields and these names and values. */
    Answer submit(Answer form, String... more) {
        StringBuilder all = new StringBuilder(Forms.encoded(more));
        Matcher hidden = HIDDEN.matcher(form.is(200).body());
        while (hidden.find()) {
            String field = Forms.encoded(attribute(hidden.group(), "name"), attribute(hidden.group(), "value"));
            all.append(all.isEmpty() ? "" : "&").append(field);
        }
        Matcher action = ACTION.matcher(form.body());
        return send(action.find() ? HtmlUtils.htmlUnescape(action.group(1)) : page.toString(), all.toString());
    }

    private static String attribute(String tag, String name) {
        Matcher value = Pattern.compile(name + "=\"([^\"]*)\"").matcher(tag);
        return value.find() ? HtmlUtils.htmlUnescape(value.group(1)) : "";
    }

    /** Logs a user in on the page that asks for it. */
    Answer logIn(Answer form, String user) {
        return submit(form, "username", user, "password", AuthorizationServerApplication.PASSWORD);
    }

    /** With a user who has logged in. */
    Browser of(String user) {
        logIn(get("/login"), user).redirectsTo("");
        return this;
    }

    /** A request with the cookies that the server has set. */
    HttpTransport.Request request(String uri, @Nullable String form) {
        URI target = page.resolve(uri);
        Map<String, String> headers = new HashMap<>(Map.of("Accept", "text/html"));
        Map<String, String> kept = cookies.getOrDefault(target.getAuthority(), Map.of());
        if (!kept.isEmpty()) {
            headers.put(
                    "Cookie",
                    kept.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return new HttpTransport.Request(target, headers, form);
    }

    private Answer send(String uri, @Nullable String form) {
        HttpTransport.Request request = request(uri, form);
        Answer answer = transport.send(request);
        page = request.uri();
        Map<String, String> kept = cookies.computeIfAbsent(page.getAuthority(), server -> new HashMap<>());
        for (String cookie : answer.headers("Set-Cookie")) {
            String[] parts = cookie.split(";", 2)[0].split("=", 2);
            kept.put(parts[0], parts[1]);
        }
        return answer;
    }
}
