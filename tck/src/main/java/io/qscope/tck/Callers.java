package io.qscope.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/**
 * Threads that begin the calls of a round, all at once: eight, each of which begins its share without awaiting an answer. So all
 * of a round's calls are in flight together in an engine that answers later, and eight in one that works on its caller's thread.
 */
final class Callers implements AutoCloseable {

    private static final int THREADS = 8;

    private final CyclicBarrier start = new CyclicBarrier(THREADS);
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "qscope-tck-caller");
        thread.setDaemon(true);
        return thread;
    });

    /** Begins a call for each caller, every thread its share, none before all are ready. */
    List<CompletableFuture<String>> begin(List<Integer> callers, IntFunction<CompletableFuture<?>> call) {
        List<Callable<List<CompletableFuture<String>>>> shares = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            int first = thread;
            shares.add(() -> share(callers, first, call));
        }
        List<CompletableFuture<String>> begun = new ArrayList<>();
        try {
            List<List<CompletableFuture<String>>> done = new ArrayList<>();
            for (Future<List<CompletableFuture<String>>> share : threads.invokeAll(shares)) {
                done.add(share.get());
            }
            for (int i = 0; i < callers.size(); i++) {
                begun.add(done.get(i % THREADS).get(i / THREADS));
            }
            return begun;
        } catch (ExecutionException e) {
            throw new AssertionError("a call threw instead of failing its future: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private List<CompletableFuture<String>> share(
            List<Integer> callers, int first, IntFunction<CompletableFuture<?>> call)
            throws InterruptedException, BrokenBarrierException {
        List<CompletableFuture<String>> begun = new ArrayList<>();
        start.await();
        for (int i = first; i < callers.size(); i += THREADS) {
            begun.add(Answers.of(call.apply(callers.get(i))));
        }
        return begun;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
