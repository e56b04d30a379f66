package io.qscope.app;

import io.qscope.key.KeyRing;
import io.qscope.model.RayId;
import io.qscope.store.Migration;
import io.qscope.store.MigrationScript;
import io.qscope.store.Storage;
import io.qscope.store.StorageOptions;
import io.qscope.store.StorageUnavailableException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option {@code --storage}, the same for every command that opens a storage. */
public final class StorageOption {

    private static final String DEFAULT = "sqlite:qscope.db";
    private static final String VARIABLE = "QSCOPE_STORAGE";

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Option(
            names = "--storage",
            paramLabel = "URL",
            description = {
                "Where the data is (or QSCOPE_STORAGE; default: " + DEFAULT + ", a file in the current folder).",
                "memory: keeps it for as long as the command runs."
            })
    private @Nullable String given;

    /** The URL as given, by the option before the environment. It may hold a password only where the environment gave it. */
    public String url() {
        String set = System.getenv(VARIABLE);
        return given != null ? given : set != null && !set.isBlank() ? set : DEFAULT;
    }

    /** The URL as it may be shown. */
    public String shown() {
        return UrlPassword.leftOutOf(url());
    }

    /** Whether it is what a command without the option works on. */
    public boolean isDefault() {
        return url().equals(DEFAULT);
    }

    /** What stands before the first colon. */
    public String scheme() {
        String url = url();
        return url.contains(":") ? url.substring(0, url.indexOf(':')) : "";
    }

    /**
     * The database file of a {@code sqlite:} URL; empty for another scheme.
     *
     * @throws WrongUsage when the URL names none
     */
    public Optional<Path> sqliteFile() {
        if (!scheme().equals("sqlite")) {
            return Optional.empty();
        }
        String path = url().substring("sqlite:".length());
        try {
            if (!path.isBlank()) {
                return Optional.of(Path.of(path));
            }
        } catch (InvalidPathException notAPath) {
            throw wrong("--storage: " + notAPath.getReason());
        }
        throw wrong("--storage names no file; expected sqlite:path, such as sqlite:qscope.db");
    }

    /**
     * Refuses a SQLite file that does not exist. Opening would make it, and a mistyped name would then be an empty database, in
     * which nothing is found, nothing is revoked and the audit log is intact.
     *
     * @param ray of the request, for the error
     * @throws StorageUnavailableException when there is no such file
     */
    public void requireExisting(RayId ray) {
        sqliteFile().filter(file -> !Files.exists(file)).ifPresent(missing -> {
            throw new StorageUnavailableException(
                    "there is no database " + missing.toAbsolutePath()
                            + "; name the right one with --storage, or make this one with \"qscope migrate\"",
                    false,
                    ray);
        });
    }

    /** Refuses a password on the command line: every process of the machine sees it there, and the shell keeps it. */
    public void check() {
        if (given != null && UrlPassword.isIn(given)) {
            throw wrong("--storage holds a password, which every process of this machine could read there;"
                    + " leave the option out and give the whole URL in " + VARIABLE);
        }
    }

    /**
     * What migrating the storage would run; nothing is changed.
     *
     * @throws WrongUsage when no engine knows the URL
     * @throws io.qscope.store.StorageException when what it names cannot be used
     */
    public List<MigrationScript> pendingMigrations() {
        return named(Storage::pendingMigrations);
    }

    /** Brings the storage's schema up to this release; throws as {@link #pendingMigrations}. */
    public Migration runMigrations() {
        return named(Storage::runMigrations);
    }

    /** Opens the storage without keys, for what writes no audit entry; as {@link #open(KeyRing)}. */
    public Storage open() {
        return named(Storage::open);
    }

    /**
     * Opens the storage with a key ring.
     *
     * @throws WrongUsage when no engine knows the URL
     * @throws io.qscope.store.StorageException when what it names cannot be used
     */
    public Storage open(KeyRing keys) {
        return named(url -> Storage.open(url, StorageOptions.with(keys)));
    }

    private <T> T named(Function<String, T> use) {
        check();
        try {
            return use.apply(url());
        } catch (IllegalArgumentException malformed) {
            throw wrong("--storage: " + malformed.getMessage());
        }
    }

    public WrongUsage wrong(String message) {
        return new WrongUsage(command.commandLine(), message);
    }
}
