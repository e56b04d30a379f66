package io.qscope.app.client;

import io.qscope.app.Console;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import io.qscope.model.OAuthClient;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists clients. */
@Command(
        name = "list",
        description = "Lists clients, in the order in which they were registered.",
        footer = {"", "Example:", "  qscope client list --json | jq -r '.[].client_id'"})
final class ListClients extends SessionCommand {

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Most clients to list (default: ${DEFAULT-VALUE}).")
    private int limit;

    ListClients(Console console) {
        super(console);
    }

    @Override
    protected void run(Session session) {
        List<OAuthClient> clients = session.all(
                Math.max(1, limit), page -> session.services().clients().list(page, session.ray()));
        output().many(
                        console(),
                        clients.stream().map(ClientView::of).toList(),
                        "client_id",
                        "enabled",
                        "confidential",
                        "grant_types",
                        "scopes",
                        "created_at");
    }
}
