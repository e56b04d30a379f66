package io.qscope.app.user;

import io.qscope.app.ConfirmOption;
import io.qscope.app.Console;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import io.qscope.store.RevokeCount;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Revokes all that a user has granted. */
@Command(
        name = "revoke",
        description = "Revokes everything that a user has granted, to every client: a lost laptop, a stolen account.",
        footer = {"", "Example:", "  qscope user revoke alice --yes"})
final class RevokeUser extends SessionCommand {

    @Parameters(paramLabel = "USER", description = "The user's id, as the server passes it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String user;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private ConfirmOption confirm;

    RevokeUser(Console console) {
        super(console);
    }

    @Override
    protected void check() {
        confirm.ask("Revoke everything that " + user + " has granted?");
    }

    @Override
    protected void run(Session session) {
        RevokeCount count = session.value(session.services().operator().revokeUser(user, session.by(), session.ray()));
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("authorizations", count.authorizations());
        view.put("access_tokens", count.accessTokens());
        output().one(console(), view);
    }
}
