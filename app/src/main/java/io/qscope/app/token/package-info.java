/** {@code qscope token}: tokens and codes that somebody presents. */
@NullMarked
package io.qscope.app.token;

import org.jspecify.annotations.NullMarked;
