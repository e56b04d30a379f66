package io.qscope.micrometer;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.qscope.store.StorageCall;
import io.qscope.store.StorageListener;
import io.qscope.store.TableName;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times storage calls in a {@link MeterRegistry}:
 *
 * <ul>
 *   <li>{@value #CALL}, a timer of the whole time, with the tags {@code operation}, {@code table} and {@code outcome};
 *   <li>{@value #WAITING}, a timer of the part of it before an engine took the call up, with {@code operation} and {@code table};
 *   <li>{@value #GROUP_SIZE}, a distribution of how many calls went together, with {@code operation} and {@code table}.
 * </ul>
 *
 * <p>A tag is a word of the contract: nothing of what a call was about, and no ray id, so that there are few of them. {@code
 * table} is {@value #NO_TABLE} for units of work and for what the storage itself does.
 *
 * <p>Safe for any number of threads and storages; storages that share one are counted together.
 */
public final class MicrometerListener implements StorageListener {

    /** The timer of calls. */
    public static final String CALL = "qscope.storage.call";

    /** The timer of waiting. */
    public static final String WAITING = "qscope.storage.waiting";

    /** The distribution of group sizes. */
    public static final String GROUP_SIZE = "qscope.storage.group.size";

    private static final String NO_TABLE = "none";

    private final MeterProvider<Timer> calls;
    private final MeterProvider<Timer> waiting;
    private final MeterProvider<DistributionSummary> groupSizes;

    /** Into that registry. */
    public MicrometerListener(MeterRegistry registry) {
        this.calls = Timer.builder(CALL)
                .description("Calls of the storage, from the call until its answer is known")
                .withRegistry(registry);
        this.waiting = Timer.builder(WAITING)
                .description("How long calls of the storage wait until an engine takes them up")
                .withRegistry(registry);
        this.groupSizes = DistributionSummary.builder(GROUP_SIZE)
                .description("How many calls of the storage share a commit, a transaction or a connection")
                .baseUnit("calls")
                .withRegistry(registry);
    }

    @Override
    public void called(StorageCall call) {
        Tags where = Tags.of("operation", call.operation(), "table", nameOf(call.table()));
        calls.withTags(where.and("outcome", call.outcome().name()))
                .record(call.waiting().plus(call.running()));
        waiting.withTags(where).record(call.waiting());
        groupSizes.withTags(where).record(call.groupSize());
    }

    private static String nameOf(@Nullable TableName table) {
        return table == null ? NO_TABLE : table.toString();
    }
}
