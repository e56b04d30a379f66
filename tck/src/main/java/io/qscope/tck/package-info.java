/**
 * The contract test kit: what every engine is held to. An engine's test extends {@link io.qscope.tck.StorageContract} and
 * says where to store and how to open it.
 */
@NullMarked
package io.qscope.tck;

import org.jspecify.annotations.NullMarked;
