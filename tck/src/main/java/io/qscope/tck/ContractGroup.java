package io.qscope.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.qscope.model.RayId;
import io.qscope.model.Row;
import io.qscope.store.Attempt;
import io.qscope.store.AuditLogTable;
import io.qscope.store.BaseTable;
import io.qscope.store.Guarantee;
import io.qscope.store.Storage;
import io.qscope.store.StorageException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the groups of tests share. Each test has random keys of its own, on a storage that all share. */
@ExtendWith(SeedReport.class)
abstract class ContractGroup {

    /** Who makes attempts: somebody else than the maker of rows. */
    static final String BY = "actor";

    /** No call takes longer on a machine that is merely busy. */
    static final int PATIENCE_SECONDS = 20;

    private final StorageContract kit;
    private final List<Storage> opened = new ArrayList<>();
    private Random random;
    private Rows rows;

    ContractGroup(StorageContract kit) {
        this.kit = kit;
        this.random = new Random(kit.seed());
        this.rows = new Rows(kit.storage(), random);
    }

    @BeforeEach
    final void seedPerTest(TestInfo test) {
        long own = kit.seed();
        // Not String.hashCode(): 32 bits would let two tests of a kit draw the same keys now and then.
        for (char c : (getClass().getName() + test.getTestMethod() + test.getDisplayName()).toCharArray()) {
            own = 31 * own + c;
        }
        random = new Random(own);
        rows = new Rows(storage(), random);
    }

    @AfterEach
    final void closeOpened() {
        opened.forEach(Storage::close);
    }

    /** The class under test, which opens more storages. */
    final StorageContract kit() {
        return kit;
    }

    /** The storage shared by all tests of the class. */
    final Storage storage() {
        return kit.storage();
    }

    /** Rows for the shared storage. */
    final Rows rows() {
        return rows;
    }

    /** Rows for another storage, from the same source of randomness. */
    final Rows rows(Storage other) {
        return new Rows(other, random);
    }

    /** The test's own randomness, which the kit's seed determines. */
    final Random random() {
        return random;
    }

    /** Another storage on the shared data; closed after the test. Asks for {@link Guarantee#SHARED_BY_STORAGES}. */
    final Storage sibling() {
        claims(Guarantee.SHARED_BY_STORAGES);
        return closedAfterTest(kit.open(kit.location()));
    }

    /** A storage without data, for tests that look at all there is; closed after the test. */
    final Storage empty() {
        return closedAfterTest(kit.open(emptyLocation()));
    }

    /** A location without data. */
    final String emptyLocation() {
        try {
            return kit.newLocation();
        } catch (Exception e) {
            throw new AssertionError("newLocation() failed", e);
        }
    }

    /** Sees to it that a storage is closed after the test. */
    final Storage closedAfterTest(Storage storage) {
        opened.add(storage);
        return storage;
    }

    /** Skips the test, saying why, unless the engine claims the guarantee. */
    final void claims(Guarantee guarantee) {
        storage()
                .guarantees()
                .reasonAgainst(guarantee)
                .ifPresent(reason -> Assumptions.abort("not claimed: " + guarantee + ": " + reason));
    }

    /** A fresh ray id. */
    static RayId ray() {
        return RayId.random();
    }

    /** A fresh attempt. */
    static Attempt attempt(Instant at) {
        return Attempt.of(at, BY);
    }

    /** A row that must be there, as it reads back. */
    static <T extends Row> T row(BaseTable<T> table, String id) {
        return await(table.getById(id, ray())).orElseThrow(() -> new AssertionError("there is no row " + id));
    }

    /** A call's value; the test fails when the call does, or takes too long. */
    static <T> T await(CompletableFuture<T> call) {
        return await(call, PATIENCE_SECONDS);
    }

    /** As {@link #await(CompletableFuture)}, with the patience of the kit that runs. */
    static <T> T await(CompletableFuture<T> call, int patienceSeconds) {
        try {
            return call.get(patienceSeconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("the call failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("the call did not complete within " + patienceSeconds + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** A call's failure, which must be of the type given, bear the call's ray id, and leak nothing of a driver. */
    static <E extends StorageException> E failure(Class<E> type, Function<RayId, CompletableFuture<?>> call) {
        RayId ray = ray();
        Throwable error = thrownBy(call.apply(ray));
        assertThat(error).isExactlyInstanceOf(type);
        E failure = type.cast(error);
        assertThat(failure.rayId()).as("the failure's ray id").isEqualTo(ray);
        assertThat(failure.getMessage()).as("the failure's message").contains(ray.value());
        return failure;
    }

    /** Expects the audit log's refusal, in the future. */
    static void refusedAsAppendOnly(CompletableFuture<?> call) {
        assertThat(thrownBy(call))
                .isExactlyInstanceOf(UnsupportedOperationException.class)
                .hasMessage(AuditLogTable.APPEND_ONLY);
    }

    /** What a call fails with. */
    static Throwable thrownBy(CompletableFuture<?> call) {
        try {
            return fail("expected a failure, got " + call.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            Throwable error = Objects.requireNonNull(e.getCause(), "the cause of a failed call");
            assertThat(error)
                    .as("an error of the closed family")
                    .isInstanceOfAny(StorageException.class, UnsupportedOperationException.class);
            noDriverIn(error);
            return error;
        } catch (TimeoutException e) {
            throw new AssertionError("the call did not complete within " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static void noDriverIn(Throwable error) {
        List<Throwable> open = new ArrayList<>(List.of(error));
        while (!open.isEmpty()) {
            Throwable next = open.remove(open.size() - 1);
            String name = next.getClass().getName();
            boolean ours = name.startsWith("io.qscope.");
            boolean platform = name.startsWith("java.") && !name.startsWith("java.sql.");
            assertThat(ours || platform)
                    .as("%s, in the failure's causes, is not a driver's", name)
                    .isTrue();
            if (next.getCause() != null) {
                open.add(next.getCause());
            }
            open.addAll(List.of(next.getSuppressed()));
        }
    }
}
