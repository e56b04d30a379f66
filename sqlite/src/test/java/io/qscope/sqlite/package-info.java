/** Tests of the SQLite engine. */
@NullMarked
package io.qscope.sqlite;

import org.jspecify.annotations.NullMarked;
