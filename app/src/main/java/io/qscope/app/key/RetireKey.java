package io.qscope.app.key;

import io.qscope.app.ActorOptions;
import io.qscope.app.ConfirmOption;
import io.qscope.app.Console;
import io.qscope.app.KeyRingFile;
import io.qscope.app.Session;
import io.qscope.app.StorageOption;
import io.qscope.key.KeyRing;
import io.qscope.model.RayId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a key out of a ring. */
@Command(
        name = "retire",
        description = {
            "Takes a key out of a ring; refuses while it writes, or while live codes or tokens need it.",
            "Entries of the audit log that it hashed cannot be verified without it: keep a copy for that."
        },
        footer = {"", "Example:", "  qscope key retire key-0a1b2c3d --storage sqlite:qscope.db"})
final class RetireKey extends KeyCommand {

    @Parameters(paramLabel = "ID", description = "The key's id.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String id;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private StorageOption storage;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ActorOptions actor;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ConfirmOption confirm;

    RetireKey(Console console) {
        super(console);
    }

    @Override
    public void run() {
        storage.check();
        RayId ray = actor.rayId();
        String by = actor.by();
        storage.requireExisting(ray);
        KeyRingFile file = file();
        confirm.ask("Take key " + id + " out of " + file.path()
                + "? What it hashed in the audit log cannot be verified without it.");
        KeyRing remaining = file.change(ring -> without(ring, ray, by));
        show(remaining);
        record(remaining, ray, by);
    }

    private KeyRing without(KeyRing ring, RayId ray, String by) {
        try (Session session = new Session(console(), storage.open(ring), ring, ray, by)) {
            return session.value(session.services().keys().retire(id, ray));
        }
    }

    /** Afterwards: the log is to say what was done. */
    private void record(KeyRing ring, RayId ray, String by) {
        try (Session session = new Session(console(), storage.open(ring), ring, ray, by)) {
            session.done(session.services().keys().recordRetirement(id, by, ray));
        } catch (RuntimeException failed) {
            console().warn("the key is out of the ring, and the audit log could not be told");
            throw failed;
        }
    }
}
