package io.qscope.bench.load;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a side without a thread for each call does. */
public interface Calls {

    /** Makes ready what so many calls use up; untimed. */
    default void prepare(long calls) throws Exception {}

    /** Makes one call; null when what was made ready is used up, which ends the turn early. */
    @Nullable
    CompletableFuture<?> call();
}
