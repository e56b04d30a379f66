package io.qscope.bench.data;

import io.qscope.postgresql.PostgresqlStorage;
import java.net.URI;
import java.net.URISyntaxException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL server is, for qscope and for peers alike.
 *
 * @param password none: the server asks for none
 * @param sslmode {@code disable}, {@code require} or {@code verify-full}
 */
public record ServerAddress(
        String host,
        int port,
        String database,
        String user,
        @Nullable String password,
        String sslmode) {

    private static final String EXPECTED =
            "expected postgresql://user@host:port/database, with ?sslmode=disable where the server has no TLS";
    private static final int DEFAULT_PORT = 5_432;

    /**
     * Reads a URL, whose password is given apart.
     *
     * @throws IllegalArgumentException saying what is expected, when it is malformed or holds a password
     */
    public static ServerAddress parse(String url, @Nullable String password) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException malformed) {
            throw new IllegalArgumentException(EXPECTED);
        }
        String user = uri.getUserInfo();
        String path = uri.getPath();
        if (!"postgresql".equals(uri.getScheme())
                || uri.getHost() == null
                || user == null
                || path == null
                || path.length() < 2) {
            throw new IllegalArgumentException(EXPECTED);
        }
        if (user.contains(":")) {
            throw new IllegalArgumentException(
                    "a password on a command line can be read by every process of the machine;"
                            + " leave it out and give it in PGPASSWORD");
        }
        return new ServerAddress(
                uri.getHost(),
                uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                path.substring(1),
                user,
                password,
                sslmode(uri.getQuery()));
    }

    private static String sslmode(@Nullable String query) {
        if (query == null) {
            return "verify-full";
        }
        return switch (query) {
            case "sslmode=disable" -> "disable";
            case "sslmode=require" -> "require";
            case "sslmode=verify-full" -> "verify-full";
            default -> throw new IllegalArgumentException(EXPECTED);
        };
    }

    /** A connection by hand, whose unqualified names are of that schema. */
    Connection connect(String schema) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), properties(schema));
    }

    /** For pgjdbc. */
    String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    /** For pgjdbc. */
    Properties properties(String schema) {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("sslmode", sslmode);
        if (sslmode.equals("verify-full")) {
            // As qscope: what the JVM trusts.
            properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        }
        properties.setProperty("currentSchema", schema);
        return properties;
    }

    /** For qscope. */
    PostgresqlStorage.Builder storage(String schema) {
        PostgresqlStorage.Builder builder = PostgresqlStorage.builder(
                        "postgresql://" + user + "@" + host + ":" + port + "/" + database + "?sslmode=" + sslmode)
                .schema(schema);
        return password == null ? builder : builder.password(password);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return host + ":" + port + "/" + database;
    }
}
