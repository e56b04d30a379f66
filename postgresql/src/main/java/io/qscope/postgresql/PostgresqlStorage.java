package io.qscope.postgresql;

import io.qscope.key.KeyRing;
import io.qscope.store.Storage;
import io.qscope.store.StorageListener;
import io.qscope.store.StorageUnavailableException;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Opens a storage in a PostgreSQL database; any number of storages and processes may use the same one.
 *
 * <pre>{@code
 * Storage storage = PostgresqlStorage.builder("postgresql://qscope@db.example.com:5432/auth")
 *         .password(System.getenv("QSCOPE_DB_PASSWORD"))
 *         .open();
 * }</pre>
 *
 * <p>Several hosts, {@code host1:5432,host2:5432}, are a primary and its replicas: whichever is the primary is used, and found anew
 * when it is another. The connection is encrypted and the server's certificate verified unless {@link Tls} says otherwise.
 */
public final class PostgresqlStorage {

    /** How a connection is protected. The names are those of libpq's {@code sslmode}. */
    public enum Tls {
        /** Encrypted, and the server's certificate is one for its host name, from an authority that is trusted. */
        VERIFY_FULL,
        /** Encrypted; whoever can get between can still read it. */
        REQUIRE,
        /** Not encrypted: for a server on this machine. */
        DISABLE
    }

    private PostgresqlStorage() {}

    /**
     * Settings for a storage.
     *
     * @param url {@code postgresql://user:password@host:port,…/database?option=value&…}; the options are {@code schema}, {@code
     *     sslmode} ({@code verify-full}, {@code require}, {@code disable}), {@code sslrootcert} (a file), {@code pgbouncer} ({@code
     *     true}), {@code connections}, {@code readers}, {@code call_timeout} and {@code connect_timeout} (in seconds)
     * @throws IllegalArgumentException when it is malformed, saying what is expected
     */
    public static Builder builder(String url) {
        return new Builder(ServerUrl.parse(url));
    }

    /** Settings, each of which has a value from the start. For one thread. */
    public static final class Builder {

        private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

        final ServerUrl url;

        @Nullable
        String password;

        String schema = "qscope";
        Tls tls = Tls.VERIFY_FULL;

        @Nullable
        Path rootCertificate;

        int connections = 8;
        int readers = 2;
        int maxWaitingCalls = 100_000;
        int maxGroupSize = 128;
        Duration connectTimeout = Duration.ofSeconds(5);
        Duration callTimeout = Duration.ofSeconds(10);
        boolean behindPgBouncer;
        boolean migrating;

        @Nullable
        Executor callbacks;

        @Nullable
        Supplier<KeyRing> keys;

        @Nullable
        StorageListener listener;

        @Nullable
        Vertx vertx;

        private Builder(ServerUrl url) {
            this.url = url;
            this.password = url.password();
            url.options().forEach(this::set);
        }

        private void set(String option, String value) {
            switch (option) {
                case "schema" -> schema(value);
                case "sslmode" -> tls(tlsNamed(value));
                case "sslrootcert" -> rootCertificate(Path.of(value));
                case "pgbouncer" -> behindPgBouncer(Boolean.parseBoolean(value));
                case "connections" -> connections(number(option, value));
                case "max_group_size" -> maxGroupSize(number(option, value));
                case "readers" -> readers(number(option, value));
                case "call_timeout" -> callTimeout(Duration.ofSeconds(number(option, value)));
                default -> connectTimeout(Duration.ofSeconds(number(option, value)));
            }
        }

        private static Tls tlsNamed(String value) {
            return switch (value) {
                case "verify-full" -> Tls.VERIFY_FULL;
                case "require" -> Tls.REQUIRE;
                case "disable" -> Tls.DISABLE;
                default -> throw new IllegalArgumentException("sslmode is verify-full, require or disable");
            };
        }

        private static int number(String option, String value) {
            try {
                return Integer.parseInt(value);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(option + " must be a whole number", e);
            }
        }

        /** The user's password; that of the URL unless set. */
        public Builder password(String secret) {
            this.password = Objects.requireNonNull(secret, "secret");
            return this;
        }

        /** The schema that the tables are in, of letters, digits and underscores; {@code qscope} unless set. */
        public Builder schema(String name) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "a schema's name has letters, digits and underscores, at most 63, and begins with no digit");
            }
            this.schema = name;
            return this;
        }

        /** How connections are protected; {@link Tls#VERIFY_FULL} unless set. */
        public Builder tls(Tls protection) {
            this.tls = Objects.requireNonNull(protection, "protection");
            return this;
        }

        /** A file of certificates, in PEM, of the authorities to be trusted; those that the JVM trusts unless set. */
        public Builder rootCertificate(Path pem) {
            this.rootCertificate = Objects.requireNonNull(pem, "pem");
            return this;
        }

        /** How many connections write, from 1 to 1,000; 8 unless set. Each runs one transaction at a time. */
        public Builder connections(int count) {
            this.connections = within(1, 1_000, count, "connections");
            return this;
        }

        /** How many connections read, from 1 to 1,000; 2 unless set. Each has many calls under way at once. */
        public Builder readers(int count) {
            this.readers = within(1, 1_000, count, "readers");
            return this;
        }

        /**
         * How many writes, and how many reads, may wait; one more fails at once with {@link StorageUnavailableException}.
         * 100,000 unless set.
         */
        public Builder maxWaitingCalls(int calls) {
            this.maxWaitingCalls = within(1, 100_000_000, calls, "maxWaitingCalls");
            return this;
        }

        /**
         * How many calls may travel together, from 1 to 1,000; 128 unless set. Calls that arrive while others are under way go out
         * as one; with 1 each goes by itself.
         */
        public Builder maxGroupSize(int calls) {
            this.maxGroupSize = within(1, 1_000, calls, "maxGroupSize");
            return this;
        }

        /** How long a server may take to let a connection in, from a second to an hour; 5 seconds unless set. */
        public Builder connectTimeout(Duration timeout) {
            within(1, 3_600, Math.toIntExact(timeout.toSeconds()), "connectTimeout in seconds");
            this.connectTimeout = timeout;
            return this;
        }

        /**
         * How long a call may take, waiting included, from a second to an hour; 10 seconds unless set. The server cancels a
         * statement that takes as long; a second later the connection is given up.
         */
        public Builder callTimeout(Duration timeout) {
            within(1, 3_600, Math.toIntExact(timeout.toSeconds()), "callTimeout in seconds");
            this.callTimeout = timeout;
            return this;
        }

        /**
         * Whether the URL leads to a PgBouncer in transaction mode rather than to the server: nothing is then expected to outlast
         * a transaction, and writes set their own time-outs. Opening migrates nothing there. Not unless set.
         */
        public Builder behindPgBouncer(boolean is) {
            this.behindPgBouncer = is;
            return this;
        }

        /** Whether opening brings the schema up to this release, for which the user has to own it. Not unless set. */
        public Builder migrating(boolean is) {
            this.migrating = is;
            return this;
        }

        /** Where futures complete; a growing pool of the storage's own unless set. It is the caller's to shut down. */
        public Builder callbacks(Executor executor) {
            this.callbacks = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /** By which the entries of the audit log are chained; they are not, unless set. */
        public Builder keys(KeyRing ring) {
            Objects.requireNonNull(ring, "ring");
            return keys(() -> ring);
        }

        /**
         * A callback for the key ring by which the entries of the audit log are chained; they are not, unless set. It is called
         * for each commit that has such entries, on the event loop, and must answer at once.
         */
        public Builder keys(Supplier<KeyRing> ring) {
            this.keys = Objects.requireNonNull(ring, "ring");
            return this;
        }

        /** Who is told of every call, on a thread of its own; nobody unless set. */
        public Builder listener(StorageListener told) {
            this.listener = Objects.requireNonNull(told, "told");
            return this;
        }

        /**
         * The application's Vert.x, whose event loop the storage shares; one of its own unless set. Calls that are made on any
         * Vert.x context complete on that context.
         */
        public Builder vertx(Vertx application) {
            this.vertx = Objects.requireNonNull(application, "application");
            return this;
        }

        /**
         * Opens the storage. It blocks, for as long as a connection takes: not to be called on an event loop.
         *
         * @return the storage, which the caller closes
         * @throws io.qscope.store.StorageException when the server cannot be reached or lets the user not in, or the schema is
         *     missing, older and not to be {@linkplain #migrating migrated}, newer than this release, or of another application;
         *     nothing is changed then
         */
        public Storage open() {
            return new PostgresqlOpening(this).open();
        }

        private static int within(int least, int most, int value, String name) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(name + " must be from " + least + " to " + most + ": " + value);
            }
            return value;
        }
    }
}
