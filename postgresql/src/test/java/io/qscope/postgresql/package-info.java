/** Tests of the PostgreSQL engine. */
@NullMarked
package io.qscope.postgresql;

import org.jspecify.annotations.NullMarked;
