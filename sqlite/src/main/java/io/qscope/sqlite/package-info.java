/**
 * The embedded engine: a database file, one thread that writes with group commit, several that read.
 *
 * <p>No class here opens the database file by Java's own I/O: closing any descriptor of a file drops the locks that SQLite
 * holds on it in this process, and another process would then remove the write-ahead log under us.
 */
@NullMarked
package io.qscope.sqlite;

import org.jspecify.annotations.NullMarked;
