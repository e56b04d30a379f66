package io.qscope.app.user;

import io.qscope.app.Console;
import io.qscope.app.Session;
import io.qscope.app.SessionCommand;
import io.qscope.model.UserAccount;
import io.qscope.result.Result;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Parameters;

/** What the commands for one account share: each shows what became of it. */
abstract class NamedUser extends SessionCommand {

    @Parameters(paramLabel = "USERNAME", description = "The name that the user signs in with.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String username;

    NamedUser(Console console) {
        super(console);
    }

    /** Does it to the account of that name. */
    abstract CompletableFuture<Result<UserAccount>> done(String username, Session session);

    @Override
    protected final void run(Session session) {
        output().one(console(), UserView.of(session.value(done(username, session))));
    }
}
