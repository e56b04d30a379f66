/**
 * The engine for a PostgreSQL server: no thread waits for it. One event loop sends calls down a few connections, and takes the
 * answers as they come; what belongs together goes out in one go.
 *
 * <p>A connection either reads, many calls one behind the other without waiting for answers, or writes, one transaction at a
 * time: such a connection is a lane, with a chain of the audit log of its own.
 */
@NullMarked
package io.qscope.postgresql;

import org.jspecify.annotations.NullMarked;
