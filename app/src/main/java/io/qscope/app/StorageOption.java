package io.qscope.app;

import io.qscope.store.Storage;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option {@code --storage}, the same for every command that opens a storage. */
final class StorageOption {

    private static final String DEFAULT = "sqlite:qscope.db";
    private static final Pattern USER_AND_PASSWORD = Pattern.compile("^[^:/]*://[^/@]*:[^@]*@.*", Pattern.DOTALL);
    private static final Pattern PASSWORD_PARAMETER = Pattern.compile(".*[?&](password|passwd|pwd)=.*", Pattern.DOTALL);

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Option(
            names = "--storage",
            paramLabel = "URL",
            defaultValue = DEFAULT,
            description = {
                "Where the data is (default: ${DEFAULT-VALUE}, a file in the current folder).",
                "memory: keeps it for as long as the command runs."
            })
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String url;

    /** The URL as given, free of passwords. */
    String url() {
        return url;
    }

    /** Whether it is what a command without the option works on. */
    boolean isDefault() {
        return url.equals(DEFAULT);
    }

    /** What stands before the first colon. */
    String scheme() {
        return url.contains(":") ? url.substring(0, url.indexOf(':')) : "";
    }

    /**
     * The database file of a {@code sqlite:} URL; empty for another scheme.
     *
     * @throws ParameterException when the URL names none
     */
    Optional<Path> sqliteFile() {
        if (!scheme().equals("sqlite")) {
            return Optional.empty();
        }
        String path = url.substring("sqlite:".length());
        try {
            if (!path.isBlank()) {
                return Optional.of(Path.of(path));
            }
        } catch (InvalidPathException notAPath) {
            throw wrong("--storage: " + notAPath.getReason());
        }
        throw wrong("--storage names no file; expected sqlite:path, such as sqlite:qscope.db");
    }

    /** Refuses a password: every process of the machine sees a command line, and the shell keeps it. */
    void check() {
        if (USER_AND_PASSWORD.matcher(url).matches()
                || PASSWORD_PARAMETER.matcher(url.toLowerCase(Locale.ROOT)).matches()) {
            throw wrong("--storage holds a password, which every process of this machine could read there;"
                    + " leave it out and give it in the environment or in a file");
        }
    }

    /**
     * Opens the storage.
     *
     * @throws ParameterException when no engine knows the URL
     * @throws io.qscope.store.StorageException when what it names cannot be used
     */
    Storage open() {
        check();
        try {
            return Storage.open(url);
        } catch (IllegalArgumentException malformed) {
            throw wrong("--storage: " + malformed.getMessage());
        }
    }

    ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
