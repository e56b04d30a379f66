/** The {@code qscope} command. */
@NullMarked
package io.qscope.app;

import org.jspecify.annotations.NullMarked;
