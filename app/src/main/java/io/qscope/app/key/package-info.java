/** {@code qscope key}: the key ring. */
@NullMarked
package io.qscope.app.key;

import org.jspecify.annotations.NullMarked;
