/**
 * The in-memory engine: a plain reference of what every call means, and a storage for tests. One lock, hash maps, and per
 * table one class that says in which order a call is judged. Nothing outlives the process.
 */
@NullMarked
package io.qscope.memory;

import org.jspecify.annotations.NullMarked;
