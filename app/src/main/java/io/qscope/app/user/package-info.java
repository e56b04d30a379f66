/** {@code qscope user}: what users have granted. */
@NullMarked
package io.qscope.app.user;

import org.jspecify.annotations.NullMarked;
