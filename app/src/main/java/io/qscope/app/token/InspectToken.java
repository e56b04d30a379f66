package io.qscope.app.token;

import io.qscope.app.Console;
import io.qscope.app.SecretInput;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import io.qscope.model.Row;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** Tells what a token or code is. */
@Command(
        name = "inspect",
        description = "Tells what a token or code is: whose, for what, until when, and whether it is good.",
        footer = {"", "Example:", "  qscope token inspect < token.txt"})
final class InspectToken extends SessionCommand {

    private @Nullable String token;

    InspectToken(Console console) {
        super(console);
    }

    @Override
    protected void check() {
        token = SecretInput.read("token", spec());
    }

    @Override
    protected void run(Session session) {
        Row row = session.value(session.services().operator().inspect(String.valueOf(token), session.ray()));
        Map<String, @Nullable Object> view = TokenView.of(row, session);
        output().one(console(), view);
        if (Boolean.FALSE.equals(view.get("client_enabled"))) {
            console().warn("its client is disabled: whether live or not, it is not accepted");
        }
    }
}
