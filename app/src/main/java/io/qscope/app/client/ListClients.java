package io.qscope.app.client;

import io.qscope.app.Console;
import io.qscope.app.LimitOption;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import io.qscope.model.OAuthClient;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists clients. */
@Command(
        name = "list",
        description = "Lists clients, in the order in which they were registered.",
        footer = {"", "Example:", "  qscope client list --json | jq -r '.[].client_id'"})
final class ListClients extends SessionCommand {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private LimitOption limit;

    ListClients(Console console) {
        super(console);
    }

    @Override
    protected void check() {
        limit.check();
    }

    @Override
    protected void run(Session session) {
        List<OAuthClient> clients =
                limit.rows(session, page -> session.services().clients().list(page, session.ray()));
        output().many(
                        console(),
                        clients.stream()
                                .map(output().isJson() ? ClientView::of : ClientView::line)
                                .toList(),
                        "client_id",
                        "enabled",
                        "confidential",
                        "grants",
                        "scopes");
    }
}
