package io.qscope.sqlite;

import io.qscope.key.KeyRing;
import io.qscope.sql.SqlEngine;
import io.qscope.sql.SqlStorage;
import io.qscope.store.Storage;
import io.qscope.store.StorageListener;
import io.qscope.store.StorageUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens a storage on a SQLite database file, for one machine; any number of storages and processes may open the same file.
 *
 * <pre>{@code
 * Storage storage = SqliteStorage.open(Path.of("qscope.db"));
 * }</pre>
 *
 * <p>A missing file is created for this user alone (mode 0600), and its schema brought up to this release, whoever else opens
 * it at the same moment.
 */
public final class SqliteStorage {

    /** When a commit is safe. */
    public enum Synchronous {
        /** Once the disk has it: survives the loss of power. */
        FULL,
        /** Once the operating system has it: survives the end of the process, and no half of it is ever seen. */
        NORMAL
    }

    private SqliteStorage() {}

    /**
     * Opens a storage on this file, which need not exist, in a folder that does, with the settings that {@link Builder} starts
     * from.
     *
     * @return the storage, which the caller closes
     * @throws io.qscope.store.StorageException as {@link Builder#open}
     */
    public static Storage open(Path file) {
        return builder(file).open();
    }

    /** Settings for a storage on this file, which need not exist, in a folder that does. */
    public static Builder builder(Path file) {
        return new Builder(file.toAbsolutePath());
    }

    /** Settings, each of which has a value from the start. For one thread. */
    public static final class Builder {

        final Path file;
        Synchronous synchronous = Synchronous.FULL;
        int readers = Math.min(Runtime.getRuntime().availableProcessors(), 4);
        Duration busyTimeout = Duration.ofSeconds(5);
        int maxWaitingCalls = 100_000;
        int maxGroupSize = 1_000;
        int walAutocheckpoint = 10_000;

        @Nullable
        Executor callbacks;

        @Nullable
        Supplier<KeyRing> keys;

        @Nullable
        StorageListener listener;

        private Builder(Path file) {
            this.file = file;
        }

        /** When a commit is safe; {@link Synchronous#FULL} unless set. */
        public Builder synchronous(Synchronous level) {
            this.synchronous = Objects.requireNonNull(level, "level");
            return this;
        }

        /** How many threads read, from 1 to 64; as many as there are processors, at most 4, unless set. */
        public Builder readers(int count) {
            this.readers = within(1, 64, count, "readers");
            return this;
        }

        /** How long a call waits for another process's lock, up to an hour; 5 seconds unless set. */
        public Builder busyTimeout(Duration timeout) {
            within(0, 3_600, Math.toIntExact(timeout.toSeconds()), "busyTimeout in seconds");
            this.busyTimeout = timeout;
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
         * How many writes may share a commit, from 1 to 10,000; 1,000 unless set. Those that arrive while a commit is under way
         * are the next; with 1 each has its own. Reads that wait share a read transaction, up to 64.
         */
        public Builder maxGroupSize(int calls) {
            this.maxGroupSize = within(1, 10_000, calls, "maxGroupSize");
            return this;
        }

        /**
         * After how many pages of 4 KiB the log is brought into the database: more is faster, and takes more of the disk and
         * of the time that opening takes after a crash. 10,000 unless set.
         */
        public Builder walAutocheckpoint(int pages) {
            this.walAutocheckpoint = within(1, 1_000_000, pages, "walAutocheckpoint");
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
         * for each commit that has such entries, on the thread that writes, and must answer at once.
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
         * Opens the storage.
         *
         * @return the storage, which the caller closes
         * @throws io.qscope.store.StorageException when the file cannot be used: it is not ours, damaged, newer than this
         *     release, locked for longer than the time-out, or may not be read or written, or when SQLite's native library
         *     cannot be loaded; the file is left as it was
         */
        public Storage open() {
            return new SqlStorage(start());
        }

        SqlEngine start() {
            return new SqliteOpening(this).start();
        }

        private static int within(int least, int most, int value, String name) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(name + " must be from " + least + " to " + most + ": " + value);
            }
            return value;
        }
    }
}
