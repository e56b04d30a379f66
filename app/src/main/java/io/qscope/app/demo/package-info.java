/** The demo: the life of each row, step by step, on a real storage. */
@NullMarked
package io.qscope.app.demo;

import org.jspecify.annotations.NullMarked;
