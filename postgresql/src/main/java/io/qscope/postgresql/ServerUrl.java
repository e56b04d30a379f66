package io.qscope.postgresql;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code postgresql://user:password@host:5432,other:5432/database?schema=qscope&sslmode=verify-full}, as PostgreSQL's own programs
 * write it (libpq, "Connection URIs").
 */
record ServerUrl(
        List<Server> servers, String user, @Nullable String password, String database, Map<String, String> options) {

    /** One of the servers. */
    record Server(String host, int port) {

        /** As it stands in a URL, where an IPv6 address has brackets (RFC 3986 §3.2.2). */
        String shown() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    static final String FORM =
            "a PostgreSQL storage's URL is postgresql://user@host:5432/database, with several hosts as"
                    + " host1:5432,host2:5432, and with options such as ?schema=qscope&sslmode=verify-full";

    static final Set<String> OPTIONS = Set.of(
            "schema",
            "sslmode",
            "sslrootcert",
            "pgbouncer",
            "connections",
            "max_group_size",
            "readers",
            "call_timeout",
            "connect_timeout");

    private static final int DEFAULT_PORT = 5432;

    private static final Pattern URL = Pattern.compile(
            "postgres(?:ql)?://(?:(?<user>[^:@/?]*)(?::(?<password>[^@/?]*))?@)?(?<hosts>[^/?@]+)/(?<database>[^/?]+)(?:\\?(?<options>.*))?");

    private static final Pattern HOST =
            Pattern.compile("(?<host>\\[[0-9a-fA-F:.]+]|[^:,\\[\\]]+)(?::(?<port>\\d{1,5}))?");

    static ServerUrl parse(String url) {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            throw new IllegalArgumentException(FORM);
        }
        Map<String, String> options = options(parts.group("options"));
        String user = decoded(parts.group("user"));
        if (user == null || user.isEmpty()) {
            throw new IllegalArgumentException(FORM + "; this one names no user");
        }
        List<Server> servers = new ArrayList<>();
        for (String host : parts.group("hosts").split(",", -1)) {
            servers.add(server(host));
        }
        return new ServerUrl(
                List.copyOf(servers),
                user,
                decoded(parts.group("password")),
                String.valueOf(decoded(parts.group("database"))),
                options);
    }

    private static Server server(String text) {
        Matcher host = HOST.matcher(text);
        if (!host.matches()) {
            throw new IllegalArgumentException(FORM + "; this one names a host that is none");
        }
        int port = host.group("port") == null ? DEFAULT_PORT : Integer.parseInt(host.group("port"));
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException(FORM + "; this one names the port " + port);
        }
        return new Server(host.group("host").replaceAll("[\\[\\]]", ""), port);
    }

    private static Map<String, String> options(@Nullable String text) {
        Map<String, String> options = new HashMap<>();
        if (text == null || text.isEmpty()) {
            return options;
        }
        for (String option : text.split("&", -1)) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            if (!OPTIONS.contains(name)) {
                // Without the name, which may be what follows an unescaped & in a password.
                throw new IllegalArgumentException(
                        "a PostgreSQL storage's URL has an option that is unknown; there are " + sorted(OPTIONS));
            }
            options.put(name, String.valueOf(decoded(option.substring(equals + 1))));
        }
        return options;
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }

    private static @Nullable String decoded(@Nullable String text) {
        // URLDecoder takes a plus for a space, which is right in forms alone.
        try {
            return text == null ? null : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException quotesIt) {
            throw new IllegalArgumentException(FORM + "; in this one a % is not followed by two hexadecimal digits");
        }
    }

    /** For errors: without user and password. */
    String shown() {
        String hosts = servers.stream().map(Server::shown).collect(Collectors.joining(","));
        return "postgresql://" + hosts + "/" + database;
    }

    @Override
    public String toString() {
        return shown();
    }
}
