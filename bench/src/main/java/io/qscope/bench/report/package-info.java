/** Showing what was measured. */
@NullMarked
package io.qscope.bench.report;

import org.jspecify.annotations.NullMarked;
