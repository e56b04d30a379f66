package io.qscope.postgresql;

import io.qscope.engine.Callbacks;
import io.qscope.engine.Listening;
import io.qscope.model.RayId;
import io.qscope.sql.SqlDialect;
import io.qscope.sql.SqlSchema;
import io.qscope.sql.SqlStorage;
import io.qscope.store.Guarantees;
import io.qscope.store.Migration;
import io.qscope.store.MigrationScript;
import io.qscope.store.Storage;
import io.qscope.store.StorageException;
import io.qscope.store.StorageUnavailableException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** Looks at a database, migrates it if that is asked for, and starts the engine. */
final class PostgresqlOpening {

    private static final String STATE = "SELECT " + ServerState.COLUMNS;

    /** How long a statement of a migration may take. */
    private static final int LONGEST_MIGRATION_SECONDS = 3_600;

    /** protocol_violation, which a server says to no client that keeps the protocol. */
    private static final String REFUSED_BY_POOLER = "08P01";

    private final PostgresqlStorage.Builder settings;
    private final String database;
    private final SqlSchema schema;

    PostgresqlOpening(PostgresqlStorage.Builder settings) {
        this.settings = settings;
        this.database = settings.url.shown() + " (schema " + settings.schema + ")";
        this.schema = new SqlSchema(SqlDialect.POSTGRESQL, settings.schema, database);
    }

    Storage open() {
        RayId ray = RayId.random();
        String unusable = DriverCheck.problem();
        if (unusable != null) {
            throw new StorageUnavailableException(database + ": " + unusable, false, ray);
        }
        Guarantees guarantees = prepared(ray);
        boolean own = settings.vertx == null;
        Vertx vertx = settings.vertx == null
                // As every thread of an engine, none of these keeps a process alive that forgot to close its storage.
                ? Vertx.vertx(new VertxOptions()
                        .setEventLoopPoolSize(1)
                        .setWorkerPoolSize(1)
                        .setUseDaemonThread(true))
                : settings.vertx;
        Context loop = contextOf(vertx);
        return new SqlStorage(new PostgresqlEngine(new PostgresqlEngine.Parts(
                vertx,
                own,
                loop,
                new Servers(vertx, options(), settings.connectTimeout.toMillis(), settings.behindPgBouncer, guarantees),
                database,
                texts(),
                settings.connections,
                settings.readers,
                settings.maxWaitingCalls,
                settings.maxGroupSize,
                settings.callTimeout,
                settings.callbacks == null ? Callbacks.growing() : Callbacks.on(settings.callbacks),
                Listening.to(settings.listener),
                settings.keys,
                this::migration)));
    }

    private Texts texts() {
        return settings.behindPgBouncer
                ? Texts.throughPooler(settings.schema, settings.callTimeout)
                : new Texts(settings.schema);
    }

    /** A context of the storage's own; a thread that Vert.x does not know is given one. */
    private static Context contextOf(Vertx vertx) {
        CompletableFuture<Context> context = new CompletableFuture<>();
        Thread stranger = new Thread(
                () -> {
                    try {
                        context.complete(vertx.getOrCreateContext());
                    } catch (RuntimeException closed) {
                        context.completeExceptionally(closed);
                    }
                },
                "qscope-postgresql-opening");
        stranger.start();
        return context.join();
    }

    /** Checks what the database is, and brings it up to this release if that is asked for. */
    private Guarantees prepared(RayId ray) {
        PGSimpleDataSource source = hasty();
        try {
            String from;
            try (Connection connection = source.getConnection()) {
                from = schema.check(connection, ray);
            }
            if (!from.equals(SqlSchema.VERSION)) {
                if (!settings.migrating) {
                    throw notMigrated(from, ray);
                }
                refusePoolerUnlessMigrated(source, ray);
                schema.migrate(patient(), ray);
            }
            try (Connection connection = source.getConnection()) {
                return guarantees(connection);
            }
        } catch (SQLException e) {
            throw failed(e, ray);
        }
    }

    /**
     * A migration sets the search path of its session, and locks out others by a lock that the session holds. Each of its
     * transactions would be another session there, and the path would stay behind in those of others.
     */
    private void refusePoolerUnlessMigrated(PGSimpleDataSource source, RayId ray) throws SQLException {
        if (!settings.behindPgBouncer) {
            return;
        }
        try (Connection connection = source.getConnection()) {
            if (!schema.check(connection, ray).equals(SqlSchema.VERSION)) {
                throw new StorageUnavailableException(
                        database
                                + ": it has to be migrated, and a migration needs a session of its own, which PgBouncer"
                                + " does not give; migrate at the server's own host and port, without pgbouncer=true",
                        false,
                        ray);
            }
        }
    }

    private StorageUnavailableException notMigrated(String from, RayId ray) {
        String state = from.isEmpty() ? "it has no tables of qscope" : "its schema has version " + from;
        return new StorageUnavailableException(
                database + ": " + state + ", and this release works with version " + SqlSchema.VERSION
                        + "; run \"qscope migrate\" on it first, as the user that owns the schema",
                false,
                ray);
    }

    private static Guarantees guarantees(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(STATE)) {
            rows.next();
            @Nullable String[] columns = new String[rows.getMetaData().getColumnCount()];
            for (int i = 0; i < columns.length; i++) {
                columns[i] = rows.getString(i + 1);
            }
            return ServerState.of(column -> columns[column]).guarantees();
        }
    }

    List<MigrationScript> pending() {
        RayId ray = RayId.random();
        try {
            PGSimpleDataSource source = hasty();
            refusePoolerUnlessMigrated(source, ray);
            return schema.pending(source, ray);
        } catch (SQLException e) {
            throw failed(e, ray);
        }
    }

    /** Brings the schema up to this release. */
    Migration migrate() {
        return migrate(RayId.random());
    }

    private Migration migrate(RayId ray) {
        try {
            refusePoolerUnlessMigrated(hasty(), ray);
            return schema.migrate(patient(), ray);
        } catch (SQLException e) {
            throw failed(e, ray);
        }
    }

    private CompletableFuture<Migration> migration(RayId ray) {
        CompletableFuture<Migration> result = new CompletableFuture<>();
        Thread migrating = new Thread(
                () -> {
                    try {
                        result.complete(migrate(ray));
                    } catch (RuntimeException e) {
                        result.completeExceptionally(e);
                    }
                },
                "qscope-postgresql-migration");
        migrating.setDaemon(true);
        migrating.start();
        return result;
    }

    private StorageException failed(SQLException e, RayId ray) {
        String state = String.valueOf(e.getSQLState());
        if (e.getCause() instanceof SocketTimeoutException) {
            return new StorageUnavailableException(
                    database + ": " + Failures.why(new TimeoutException("no answer")), false, ray);
        }
        String problem = state.startsWith("08") && !state.equals(REFUSED_BY_POOLER)
                ? "the server cannot be reached, or not as sslmode asks (SQLSTATE " + state
                        + "); check host, port and certificate, or set sslmode"
                : "the server refused (SQLSTATE " + state + ")" + advice(state);
        return new StorageUnavailableException(database + ": " + problem, false, ray);
    }

    private static String advice(String state) {
        if (state.startsWith("53")) {
            return ": it is out of connections, memory or disk space";
        }
        return switch (state) {
            case REFUSED_BY_POOLER ->
                ", as PgBouncer does; say pgbouncer=true if it is one, and look into its log for what it names: a parameter,"
                        + " a user, a database or a limit";
            case "28P01", "28000" -> ": check user and password";
            case "3D000" -> ": there is no such database; create it first";
            case "42501" -> ": a grant is missing; docs/postgresql.md lists what the role needs";
            default -> "; its log says more";
        };
    }

    /** For looking, which is soon done: a server that answers no more is given up. */
    private PGSimpleDataSource hasty() {
        PGSimpleDataSource source = source();
        source.setSocketTimeout(Math.toIntExact(settings.callTimeout.toSeconds()));
        return source;
    }

    /** For migrating, which takes as long as the tables are large, and as whoever migrates already. */
    private PGSimpleDataSource patient() {
        PGSimpleDataSource source = source();
        source.setSocketTimeout(LONGEST_MIGRATION_SECONDS);
        return source;
    }

    private PGSimpleDataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(
                settings.url.servers().stream().map(ServerUrl.Server::host).toArray(String[]::new));
        source.setPortNumbers(
                settings.url.servers().stream().mapToInt(ServerUrl.Server::port).toArray());
        source.setDatabaseName(settings.url.database());
        source.setUser(settings.url.user());
        source.setPassword(settings.password);
        if (!settings.behindPgBouncer) {
            // It would refuse what it does not know when a connection begins.
            source.setCurrentSchema(settings.schema);
        }
        source.setApplicationName("qscope");
        source.setConnectTimeout(Math.toIntExact(settings.connectTimeout.toSeconds()));
        // For all servers together.
        source.setLoginTimeout(Math.toIntExact(settings.connectTimeout
                        .multipliedBy(settings.url.servers().size())
                        .toSeconds()
                + 1));
        source.setTcpKeepAlive(true);
        source.setTargetServerType("primary");
        source.setSslMode(sslmode());
        if (settings.rootCertificate != null) {
            source.setSslRootCert(settings.rootCertificate.toString());
        } else if (settings.tls == PostgresqlStorage.Tls.VERIFY_FULL) {
            source.setSslfactory("org.postgresql.ssl.DefaultJavaSSLFactory");
        }
        if (settings.behindPgBouncer) {
            source.setPrepareThreshold(0);
        }
        return source;
    }

    private String sslmode() {
        return switch (settings.tls) {
            case VERIFY_FULL -> "verify-full";
            case REQUIRE -> "require";
            case DISABLE -> "disable";
        };
    }

    private List<PgConnectOptions> options() {
        return settings.url.servers().stream().map(this::options).toList();
    }

    private PgConnectOptions options(ServerUrl.Server server) {
        Map<String, String> properties = new HashMap<>(PgConnectOptions.DEFAULT_PROPERTIES);
        properties.put("application_name", "qscope");
        if (settings.behindPgBouncer) {
            // It refuses what it cannot give back to each client (and there is no such number in any table).
            properties.remove("extra_float_digits");
        } else {
            String millis = Long.toString(settings.callTimeout.toMillis());
            properties.put("statement_timeout", millis);
            properties.put("idle_in_transaction_session_timeout", millis);
            // Whatever the role, the database or the server has.
            properties.put(Texts.NOT_BY_DEFAULT, "off");
        }
        PgConnectOptions options = new PgConnectOptions()
                .setHost(server.host())
                .setPort(server.port())
                .setDatabase(settings.url.database())
                .setUser(settings.url.user())
                .setPassword(settings.password == null ? "" : settings.password)
                .setProperties(properties)
                .setCachePreparedStatements(!settings.behindPgBouncer)
                .setPreparedStatementCacheMaxSize(500)
                .setPreparedStatementCacheSqlLimit(Integer.MAX_VALUE)
                .setPipeliningLimit(1_000)
                .setUseLayer7Proxy(settings.behindPgBouncer);
        if (settings.tls != PostgresqlStorage.Tls.DISABLE) {
            ClientSSLOptions ssl = new ClientSSLOptions();
            if (settings.tls == PostgresqlStorage.Tls.REQUIRE) {
                ssl.setTrustAll(true);
            } else {
                ssl.setHostnameVerificationAlgorithm("HTTPS");
                ssl.setTrustOptions(
                        settings.rootCertificate == null
                                ? trustOfTheJvm()
                                : new PemTrustOptions().addCertPath(settings.rootCertificate.toString()));
            }
            options.setSslMode(settings.tls == PostgresqlStorage.Tls.REQUIRE ? SslMode.REQUIRE : SslMode.VERIFY_FULL)
                    .setSslOptions(ssl);
        }
        return options;
    }

    private static TrustOptions trustOfTheJvm() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return TrustOptions.wrap(factory.getTrustManagers()[0]);
        } catch (GeneralSecurityException noTrust) {
            throw new IllegalStateException("this JVM trusts no authority; name one with sslrootcert", noTrust);
        }
    }
}
