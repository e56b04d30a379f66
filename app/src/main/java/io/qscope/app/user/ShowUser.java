package io.qscope.app.user;

import io.qscope.app.Console;
import io.qscope.app.LimitOption;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import io.qscope.app.authorization.AuthorizationView;
import io.qscope.model.Authorization;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what a user has granted. */
@Command(
        name = "show",
        description = "Lists what a user has granted to whom, revoked or not, oldest first.",
        footer = {"", "Example:", "  qscope user show alice"})
final class ShowUser extends SessionCommand {

    @Parameters(paramLabel = "USER", description = "The user's id, as the server passes it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String user;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private LimitOption limit;

    ShowUser(Console console) {
        super(console);
    }

    @Override
    protected void check() {
        limit.check();
    }

    @Override
    protected void run(Session session) {
        List<Authorization> roots = limit.rows(
                session, page -> session.services().operator().authorizationsOfUser(user, page, session.ray()));
        AuthorizationView view = new AuthorizationView(session);
        output().many(
                        console(),
                        roots.stream().map(view::of).toList(),
                        "id",
                        "live",
                        "client_id",
                        "scopes",
                        "created_at",
                        "revoked_at");
    }
}
