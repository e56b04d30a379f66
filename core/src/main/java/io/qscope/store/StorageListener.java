package io.qscope.store;

/**
 * Told of each call of a storage once it was answered: for metrics, traces and logs.
 *
 * <p>A listener harms nobody. It is told on a thread that a storage has for nothing else, never on one that works or answers, so
 * that no call and no callback waits for it; one call after the other, in about the order in which they were answered; a little
 * after the answer, also of calls that a closed storage refuses. What it throws is dropped; the first time is logged as a
 * warning by the {@link System.Logger} of this interface's name. While more than 65,536 calls wait to be told, because it is
 * slow, further ones are not told; the first time is logged. What was not told when the JVM ends is lost.
 *
 * <p>A storage without a listener reads no clock for one. One listener may serve several storages, and is then called by
 * several threads at once.
 */
@FunctionalInterface
public interface StorageListener {

    /** Tells of a call; once for each call of the contract's methods that return a future. */
    void called(StorageCall call);
}
