@NullMarked
package io.qscope.bench.data;

import org.jspecify.annotations.NullMarked;
