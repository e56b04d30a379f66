/** The kit's own tests. */
@NullMarked
package io.qscope.tck;

import org.jspecify.annotations.NullMarked;
