package io.qscope.sql;

import io.qscope.engine.Listening;
import io.qscope.model.RayId;
import io.qscope.store.Guarantees;
import io.qscope.store.Health;
import io.qscope.store.Migration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What a database has to do for {@link SqlStorage} to keep the contract on it. Its unit is a list of calls: what comes
 * together, and what waits together, may travel together.
 *
 * <p>Neither method blocks its caller; when too many calls wait, and after {@link #close}, futures fail with {@link
 * io.qscope.store.StorageUnavailableException}. Futures complete on the callbacks' executor, one task a group, by {@link
 * Listening#complete}. No exception of a driver leaves the engine.
 */
public interface SqlEngine extends AutoCloseable {

    /** Whose SQL it runs. */
    SqlDialect dialect();

    /** Makes the futures of its calls; the engine answers them by it. */
    Listening listening();

    /** Answers each read on its own. A read sees every write that was acknowledged before. */
    void read(List<? extends SqlRead<?, ?>> calls);

    /**
     * Runs each unit all or nothing, and acknowledges after its commit. Units may share a commit; the failure of one touches no
     * other.
     */
    void write(List<? extends SqlUnit<?>> units);

    /** {@link io.qscope.store.Storage#health}. */
    CompletableFuture<Health> health(RayId rayId);

    /** {@link io.qscope.store.Storage#migrate}. */
    CompletableFuture<Migration> migrate(RayId rayId);

    /** {@link io.qscope.store.Storage#guarantees}. */
    Guarantees guarantees();

    /** {@link io.qscope.store.Storage#close}. */
    @Override
    void close();
}
