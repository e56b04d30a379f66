package io.qscope.app.client;

import io.qscope.app.ConfirmOption;
import io.qscope.app.Console;
import io.qscope.app.Session;
import io.qscope.store.RevokeCount;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Revokes all that was granted to a client. */
@Command(
        name = "revoke",
        description = {
            "Revokes everything that was granted to a client, by every user, and its own access tokens.",
            "The client stays as it is: unless it is disabled as well, it may be granted anew."
        },
        footer = {"", "Example:", "  qscope client revoke my-app --yes"})
final class RevokeClient extends NamedClient {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ConfirmOption confirm;

    RevokeClient(Console console) {
        super(console);
    }

    @Override
    protected void check() {
        confirm.ask("Revoke everything that was granted to client " + clientIdentifier() + "?");
    }

    @Override
    protected void run(Session session) {
        RevokeCount count = session.value(
                session.services().operator().revokeClient(clientIdentifier(), session.by(), session.ray()));
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("authorizations", count.authorizations());
        view.put("access_tokens", count.accessTokens());
        output().one(console(), view);
    }
}
