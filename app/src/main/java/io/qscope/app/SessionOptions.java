package io.qscope.app;

import io.qscope.key.KeyRing;
import io.qscope.model.Limits;
import io.qscope.model.RayId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of every command that works on a storage. */
public final class SessionOptions {

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private StorageOption storage;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private KeysOption keys;

    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Who acts, as rows and the audit log name you (default: the system's name for you).")
    private @Nullable String by;

    @Option(
            names = "--ray",
            paramLabel = "ID",
            description = "The request's id in rows, audit log and errors (default: a new one).")
    private @Nullable String ray;

    /** The option {@code --storage}. */
    public StorageOption storage() {
        return storage;
    }

    /** The option {@code --keys}. */
    public KeysOption keys() {
        return keys;
    }

    /**
     * Opens the storage with the key ring, and the services over it.
     *
     * @param make whether a SQLite database that does not exist is made
     */
    public Session open(Console console, boolean make) {
        storage.check();
        if (!make) {
            storage.requireExisting();
        }
        KeyRing ring = keys.ring(storage, console);
        RayId rayId = rayId();
        return new Session(console, storage.open(ring), ring, rayId, by());
    }

    public RayId rayId() {
        try {
            return ray == null ? RayId.random() : new RayId(ray);
        } catch (IllegalArgumentException malformed) {
            throw wrong("--ray: " + OptionNames.in(String.valueOf(malformed.getMessage())));
        }
    }

    public String by() {
        String name = by == null ? System.getProperty("user.name", "operator") : by;
        if (name.isBlank() || name.length() > Limits.NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw wrong("--by takes a name of at most " + Limits.NAME + " characters");
        }
        return name;
    }

    public WrongUsage wrong(String message) {
        return new WrongUsage(command.commandLine(), message);
    }
}
