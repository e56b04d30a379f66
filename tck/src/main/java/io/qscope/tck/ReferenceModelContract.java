package io.qscope.tck;

import static io.qscope.tck.Rows.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.Guarantee;
import io.qscope.store.MissingReferenceException;
import io.qscope.store.Slice;
import io.qscope.store.Storage;
import io.qscope.store.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;

/** Whatever is called, in whatever order, the engine answers as the reference engine does, and holds the same rows. */
abstract class ReferenceModelContract extends ContractGroup {

    private static final int RUNS = 4;
    private static final int CALLS = 1_000;
    private static final Duration WINDOW = Duration.ofSeconds(1);

    ReferenceModelContract(StorageContract kit) {
        super(kit);
    }

    @RepeatedTest(RUNS)
    void randomCallsAreAnsweredAsTheReferenceEngineAnswersThem() {
        claims(Guarantee.FOREIGN_KEYS);
        Storage engine = empty();
        Storage reference = closedAfterTest(Storage.open("memory:"));
        RandomRows rows = new RandomRows(random(), reference);
        RandomCalls calls = new RandomCalls(random(), rows, engine.guarantees().keeps(Guarantee.UNIT_OF_WORK));

        for (int i = 0; i < CALLS; i++) {
            RandomCalls.Call call = calls.next();
            RayId ray = ray();
            Object expected = answer(call.on(reference, ray));
            assertThat(answer(call.on(engine, ray)))
                    .as("the answer to call %d", i)
                    .isEqualTo(expected);
        }

        for (TableCase<?> table : TableCase.all()) {
            for (String id : rows.ids()) {
                assertThat(stored(table, engine, id))
                        .as("what %s holds as %s after %d calls", table, id, CALLS)
                        .isEqualTo(stored(table, reference, id));
            }
        }
        for (TokenDigest key : rows.digests()) {
            Attempt attempt = rows.attempt();
            assertThat(await(engine.throttles().count(key, WINDOW, attempt, ray())))
                    .as("the counter of %s after %d calls", key, CALLS)
                    .isEqualTo(await(reference.throttles().count(key, WINDOW, attempt, ray())));
        }
        assertThat(await(engine.keysInUse(NOW, ray()))).isEqualTo(await(reference.keysInUse(NOW, ray())));
    }

    private static Object stored(TableCase<?> table, Storage storage, String id) {
        return comparable(await(table.in(storage).getById(id, ray())));
    }

    /** What a call answered, less what engines are free to choose. */
    private static Object answer(CompletableFuture<?> call) {
        try {
            return comparable(call.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return e.getCause() instanceof StorageException failure
                    ? Arrays.asList(failure.getClass(), failure.part(), named(failure))
                    : String.valueOf(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("a call did not complete within " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** What the failure names: the id, if it is taken, before other keys, of which the engine chooses; a field that refers to nothing. */
    private static String named(StorageException failure) {
        if (failure instanceof DuplicateRowException duplicate) {
            return duplicate.key().equals("id") ? "id" : "another key";
        }
        return failure instanceof MissingReferenceException missing ? missing.field() : "";
    }

    private static Object comparable(@Nullable Object value) {
        if (value instanceof AuditLog entry) {
            return TableCase.AUDIT_LOG.withoutGivenByStore(entry);
        }
        if (value instanceof Optional<?> row) {
            return row.map(ReferenceModelContract::comparable);
        }
        if (value instanceof List<?> pages) {
            return pages.stream().map(ReferenceModelContract::comparable).toList();
        }
        if (value instanceof Slice<?> slice) {
            List<Object> rows = new ArrayList<>(slice.rows());
            rows.replaceAll(ReferenceModelContract::comparable);
            return List.of(rows, slice.next() == null);
        }
        return value == null ? "nothing" : value;
    }
}
