package io.qscope.app;

import io.qscope.result.Result;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option {@code --limit} of commands that list rows. A list that is cut says so: it looks like all there is. */
public final class LimitOption {

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Most to list (default: ${DEFAULT-VALUE}).")
    private int limit;

    /**
     * Refuses a number that lists nothing.
     *
     * @throws WrongUsage when it is below 1
     */
    public void check() {
        if (limit < 1) {
            throw new WrongUsage(command.commandLine(), "--limit takes a number of rows, at least 1");
        }
    }

    /** The first rows of a listing; warns when there are more. */
    public <T> List<T> rows(Session session, Function<Page, CompletableFuture<Result<Slice<T>>>> listing) {
        int oneMore = limit == Integer.MAX_VALUE ? limit : limit + 1;
        List<T> rows = session.all(oneMore, listing);
        if (rows.size() <= limit) {
            return rows;
        }
        session.console().warn("there are more than the first " + limit + ", which are shown; --limit N shows up to N");
        return rows.subList(0, limit);
    }
}
