/**
 * Measures qscope beside what a careful programmer would write by hand, on the same machine, in the same run. {@link
 * io.qscope.bench.Main} is the program; {@code docs/benchmarks.md} has figures.
 */
@NullMarked
package io.qscope.bench;

import org.jspecify.annotations.NullMarked;
