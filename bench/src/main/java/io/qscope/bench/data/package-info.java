/** The rows that are worked on, and the databases that they are in. */
@NullMarked
package io.qscope.bench.data;

import org.jspecify.annotations.NullMarked;
