/**
 * The contract: what every engine does, and what its callers may rely on. Interfaces, outcomes and errors, no logic.
 *
 * <p><b>What holds for every method that takes a {@link io.qscope.model.RayId}:</b>
 *
 * <ul>
 *   <li>It never blocks its caller on I/O or on a full queue; it returns a fresh {@link
 *       java.util.concurrent.CompletableFuture}, completed on an executor that the storage was given or owns. Blocking
 *       in a callback holds up nobody else.
 *   <li>A null argument is a {@link java.lang.NullPointerException} at once. Every other failure is one {@link
 *       io.qscope.store.StorageException} inside the future, with the ray id and never a secret.
 *   <li>Whatever else it fails with, it may fail with {@link io.qscope.store.StorageUnavailableException} and, where it reads
 *       rows, {@link io.qscope.store.StorageCorruptedException}.
 *   <li>It is atomic: in whatever number of processes its callers run, it happened once or not at all, and never half.
 *   <li>A future that succeeded is durable at the level that {@link io.qscope.store.Storage#guarantees()} names.
 *   <li>Cancelling the future does not undo the call.
 *   <li>Text without a UTF-8 form (half a surrogate pair) is the key of no row: a call with it finds nothing, or is refused
 *       with {@link io.qscope.store.InvalidRowException}.
 *   <li>Calls of which one was not awaited before the other have no order between them.
 *   <li>No method reads a clock: the caller says what time it is.
 * </ul>
 */
@NullMarked
package io.qscope.store;

import org.jspecify.annotations.NullMarked;
