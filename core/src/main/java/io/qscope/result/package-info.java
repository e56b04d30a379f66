/** Answers as values: what a caller gets who would rather not catch. */
@NullMarked
package io.qscope.result;

import org.jspecify.annotations.NullMarked;
