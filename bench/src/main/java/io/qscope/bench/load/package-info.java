/** Generating load, and what came of it. Knows neither qscope nor a database. */
@NullMarked
package io.qscope.bench.load;

import org.jspecify.annotations.NullMarked;
