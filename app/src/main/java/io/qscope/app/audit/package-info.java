/** {@code qscope audit}: the audit log. */
@NullMarked
package io.qscope.app.audit;

import org.jspecify.annotations.NullMarked;
