/** Runs the command as its users do: as a process of its own. */
@NullMarked
package io.qscope.app;

import org.jspecify.annotations.NullMarked;
