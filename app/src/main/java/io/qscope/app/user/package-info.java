/** {@code qscope user}: users who can sign in, and what users have granted. */
@NullMarked
package io.qscope.app.user;

import org.jspecify.annotations.NullMarked;
