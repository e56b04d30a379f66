@NullMarked
package io.qscope.bench.load;

import org.jspecify.annotations.NullMarked;
