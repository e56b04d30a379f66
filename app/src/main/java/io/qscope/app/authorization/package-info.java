/** {@code qscope authorization}: authorizations, the roots of families. */
@NullMarked
package io.qscope.app.authorization;

import org.jspecify.annotations.NullMarked;
