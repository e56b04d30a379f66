package io.qscope.app.authorization;

import io.qscope.app.Console;
import io.qscope.app.LimitOption;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import io.qscope.model.Authorization;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists what was granted to a client. */
@Command(
        name = "list",
        description = {
            "Lists what was granted to a client, revoked or not, oldest first.",
            "What a user has granted is listed by \"qscope user show\"."
        },
        footer = {"", "Example:", "  qscope authorization list --client my-app"})
final class ListAuthorizations extends SessionCommand {

    @Option(names = "--client", paramLabel = "CLIENT_ID", required = true, description = "The client's client_id.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String clientIdentifier;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private LimitOption limit;

    ListAuthorizations(Console console) {
        super(console);
    }

    @Override
    protected void check() {
        limit.check();
    }

    @Override
    protected void run(Session session) {
        List<Authorization> roots = limit.rows(
                session,
                page -> session.services().operator().authorizationsOfClient(clientIdentifier, page, session.ray()));
        AuthorizationView view = new AuthorizationView(session);
        output().many(
                        console(),
                        roots.stream().map(view::of).toList(),
                        "id",
                        "live",
                        "user_id",
                        "scopes",
                        "created_at",
                        "revoked_at");
    }
}
