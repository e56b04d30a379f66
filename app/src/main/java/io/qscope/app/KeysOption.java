package io.qscope.app;

import io.qscope.key.Key;
import io.qscope.key.KeyRing;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option {@code --keys}: the key ring, which is held outside the database. */
public final class KeysOption {

    private static final String TEXT_VARIABLE = "QSCOPE_KEYS";
    private static final String FILE_VARIABLE = "QSCOPE_KEYS_FILE";

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Option(
            names = "--keys",
            paramLabel = "FILE",
            description = {
                "The key ring (or QSCOPE_KEYS_FILE; or its text in QSCOPE_KEYS).",
                "Without one, a SQLite storage uses the user's own, which is made when it is missing."
            })
    private @Nullable Path given;

    /**
     * The key ring for a storage.
     *
     * @throws WrongUsage when there is none, and none may be made for such a storage
     */
    public KeyRing ring(StorageOption storage, Console console) {
        Path named = named();
        if (named == null) {
            Optional<KeyRing> text = fromEnvironment();
            if (text.isPresent()) {
                return text.get();
            }
        }
        KeyRingFile ring = file();
        if (named == null && !ring.exists() && storage.scheme().equals("memory")) {
            // For what ends with the command, a ring that does.
            return KeyRing.of(Key.generate(KeyRingFile.newKeyId()));
        }
        if (named == null && !ring.exists()) {
            makeOwn(ring, storage, console);
        }
        if (ring.isOpenToOthers()) {
            console.warn(ring.path() + " may be read by others than its owner; chmod 600 " + ring.path());
        }
        return ring.read();
    }

    private void makeOwn(KeyRingFile ring, StorageOption storage, Console console) {
        if (!storage.scheme().equals("sqlite")) {
            throw new WrongUsage(
                    command.commandLine(),
                    "a key ring is needed, the same that the servers on this storage use: name it with --keys"
                            + " or QSCOPE_KEYS_FILE; \"qscope key generate --keys FILE\" makes one");
        }
        if (ring.createIfMissing()) {
            console.warn("made a key ring at " + ring.path()
                    + "; keep a copy in a safe place: without it the audit log cannot be verified");
        }
    }

    private Optional<KeyRing> fromEnvironment() {
        try {
            return KeyRing.fromEnvironment(TEXT_VARIABLE);
        } catch (IllegalArgumentException e) {
            throw new WrongUsage(command.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    /** The file that the option or the environment names. */
    private @Nullable Path named() {
        String set = System.getenv(FILE_VARIABLE);
        return given != null ? given : set != null && !set.isBlank() ? Path.of(set) : null;
    }

    /**
     * The file for a command that works on the ring itself.
     *
     * @throws WrongUsage when the ring that other commands use here is no file
     */
    public KeyRingFile fileToWorkOn() {
        String text = System.getenv(TEXT_VARIABLE);
        if (named() == null && text != null && !text.isBlank()) {
            throw new WrongUsage(
                    command.commandLine(),
                    TEXT_VARIABLE + " holds the ring that other commands use here, and this one works on a file only:"
                            + " name it with --keys or " + FILE_VARIABLE);
        }
        return file();
    }

    /** The named file, or the user's own. */
    private KeyRingFile file() {
        Path named = named();
        return named != null
                ? new KeyRingFile(named)
                : KeyRingFile.ofUser(System.getenv(), System.getProperty("user.home"), System.getProperty("os.name"));
    }
}
