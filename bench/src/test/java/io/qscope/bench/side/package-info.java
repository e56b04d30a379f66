@NullMarked
package io.qscope.bench.side;

import org.jspecify.annotations.NullMarked;
