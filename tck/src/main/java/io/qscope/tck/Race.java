package io.qscope.tck;

import io.qscope.model.Row;
import io.qscope.store.BaseTable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Callers that want the same thing at the same time. Written once, and run with one storage, with two, and with two
 * processes; the latter make it by its class's name, so it has no state and no constructor of its own.
 */
abstract class Race {

    /** How many want it. */
    static final int CALLERS = 64;

    /** Stores what the callers of a round find; the run's client is there. */
    abstract CompletableFuture<?> prepare(Round round);

    /** What one caller does. */
    abstract CompletableFuture<?> call(Round round, int caller);

    /** Asserts that the answers, and what the round's storage then holds, are what one caller after the other gives. */
    abstract void check(Round round, Answers answers);

    /** Each caller's own name for something. */
    static String own(String what, int caller) {
        return what + "-" + caller;
    }

    /** Reads what each caller may have stored: for each caller the row, or nothing. */
    static <T extends Row> List<Optional<T>> found(BaseTable<T> table, Round round, String what) {
        List<CompletableFuture<Optional<T>>> reads = IntStream.range(0, CALLERS)
                .mapToObj(caller -> table.getById(round.id(own(what, caller)), round.ray("read")))
                .toList();
        return reads.stream().map(ContractGroup::await).toList();
    }

    /** Reads one row that must be there. */
    static <T extends Row> T stored(BaseTable<T> table, Round round, String what) {
        return ContractGroup.await(table.getById(round.id(what), round.ray("read")))
                .orElseThrow(() -> new AssertionError("not stored: " + round.id(what)));
    }

    /** Which callers' rows are stored. */
    static List<Integer> storedBy(BaseTable<? extends Row> table, Round round, String what) {
        List<? extends Optional<? extends Row>> rows = found(table, round, what);
        return IntStream.range(0, CALLERS)
                .filter(caller -> rows.get(caller).isPresent())
                .boxed()
                .toList();
    }
}
