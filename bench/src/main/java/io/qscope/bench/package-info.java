/**
 * {@code ./qscope bench}: measures qscope beside what others do, on the same machine and database, in the same run. {@link
 * io.qscope.bench.Bench} is the command; {@code docs/benchmarks.md} says what is compared, and has figures. What is in memory is
 * measured by JMH ({@link io.qscope.bench.InMemoryBenchmark}).
 */
@NullMarked
package io.qscope.bench;

import org.jspecify.annotations.NullMarked;
