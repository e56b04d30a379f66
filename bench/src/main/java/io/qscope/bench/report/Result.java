package io.qscope.bench.report;

import io.qscope.bench.load.Comparison;
import io.qscope.bench.load.Load;
import io.qscope.bench.side.Operation;
import io.qscope.bench.side.Purging;
import io.qscope.bench.side.Through;
import org.jspecify.annotations.Nullable;

/**
 * What one comparison came to.
 *
 * @param engine {@code sqlite} or {@code postgresql}
 * @param rows access tokens at the start
 * @param through by what qscope was called
 * @param peer {@code jdbc}, {@code batch}, {@code spring}, {@code shipped}, {@code self} or {@code none}
 * @param peerCallers threads, or calls in flight of {@code self}; 0 for {@code none}
 * @param peerRows access tokens at the peer's start
 * @param purge that ran beside qscope; none unless asked for
 */
public record Result(
        String engine,
        Operation operation,
        Load load,
        int rows,
        Through through,
        String peer,
        int peerCallers,
        int peerRows,
        Comparison comparison,
        Purging.@Nullable Outcome purge) {}
