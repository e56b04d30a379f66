@NullMarked
package io.qscope.bench;

import org.jspecify.annotations.NullMarked;
