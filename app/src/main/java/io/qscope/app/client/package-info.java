/** {@code qscope client}: registered clients. */
@NullMarked
package io.qscope.app.client;

import org.jspecify.annotations.NullMarked;
