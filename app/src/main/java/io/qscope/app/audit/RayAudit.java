package io.qscope.app.audit;

import io.qscope.app.CommandFailure;
import io.qscope.app.Console;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the entries of one request. */
@Command(
        name = "ray",
        description = "Shows what one request has written, by the ray id that its answer, a row or an error named.",
        footer = {"", "Example:", "  qscope audit ray 6f1c0d2e9a8b4c7d8e9f0a1b2c3d4e5f"})
final class RayAudit extends SessionCommand {

    @Parameters(paramLabel = "ID", description = "The ray id.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String id;

    RayAudit(Console console) {
        super(console);
    }

    @Override
    protected void check() {
        wanted();
    }

    private RayId wanted() {
        try {
            return new RayId(id);
        } catch (IllegalArgumentException malformed) {
            throw wrong(malformed);
        }
    }

    @Override
    protected void run(Session session) {
        List<AuditLog> entries = session.all(
                Integer.MAX_VALUE, page -> session.services().audit().ofRay(wanted(), page, session.ray()));
        if (entries.isEmpty()) {
            throw new CommandFailure("the audit log has no entry of ray " + id, null);
        }
        new EntryView(session, output()).show(entries);
    }
}
