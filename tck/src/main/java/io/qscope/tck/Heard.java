package io.qscope.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.RayId;
import io.qscope.store.StorageCall;
import io.qscope.store.StorageListener;
import java.util.ArrayList;
import java.util.List;

/** A listener that notes what it is told, and on which threads. */
final class Heard implements StorageListener {

    private final int patienceSeconds;
    private final List<StorageCall> calls = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    Heard(int patienceSeconds) {
        this.patienceSeconds = patienceSeconds;
    }

    @Override
    public synchronized void called(StorageCall call) {
        calls.add(call);
        threads.add(Thread.currentThread());
        notifyAll();
    }

    /** What was told of a ray id, once something was; the test fails when nothing is. */
    synchronized List<StorageCall> of(RayId ray) {
        return of(ray, 1);
    }

    /** What was told of a ray id, once that many calls were told. */
    synchronized List<StorageCall> of(RayId ray, int least) {
        long until = System.nanoTime() + patienceSeconds * 1_000_000_000L;
        List<StorageCall> told = soFar(ray);
        while (told.size() < least && System.nanoTime() < until) {
            try {
                wait(Math.max(1, (until - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
            told = soFar(ray);
        }
        assertThat(told).as("calls that are told of, of ray %s", ray).hasSizeGreaterThanOrEqualTo(least);
        return told;
    }

    private List<StorageCall> soFar(RayId ray) {
        return calls.stream().filter(call -> call.rayId().equals(ray)).toList();
    }

    /** The threads that it was called on. */
    synchronized List<Thread> threads() {
        return List.copyOf(threads);
    }
}
