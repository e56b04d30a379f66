package io.qscope.app;

import io.qscope.model.Limits;
import io.qscope.model.RayId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say who acts, and in which request. */
public final class ActorOptions {

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

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

    /**
     * The request's id.
     *
     * @throws WrongUsage when what was given is none
     */
    public RayId rayId() {
        try {
            return ray == null ? RayId.random() : new RayId(ray);
        } catch (IllegalArgumentException malformed) {
            throw wrong("--ray: " + OptionNames.in(String.valueOf(malformed.getMessage())));
        }
    }

    /**
     * Who acts.
     *
     * @throws WrongUsage when no row would take the name
     */
    public String by() {
        String name = by == null ? System.getProperty("user.name", "operator") : by;
        if (name.isBlank() || name.length() > Limits.NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw wrong("--by takes a name of at most " + Limits.NAME + " characters");
        }
        return name;
    }

    private WrongUsage wrong(String message) {
        return new WrongUsage(command.commandLine(), message);
    }
}
