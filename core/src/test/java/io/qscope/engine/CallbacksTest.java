package io.qscope.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CallbacksTest {

    @Test
    void blockedCallbacksHoldUpNobody() throws InterruptedException {
        CountDownLatch allBlocked = new CountDownLatch(64);
        CountDownLatch release = new CountDownLatch(1);
        try (Callbacks callbacks = Callbacks.growing()) {
            for (int i = 0; i < 64; i++) {
                callbacks.run(() -> {
                    allBlocked.countDown();
                    awaitQuietly(release);
                });
            }
            assertThat(allBlocked.await(10, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Boolean> another = new CompletableFuture<>();
            callbacks.run(() -> another.complete(true));
            assertThat(another.orTimeout(10, TimeUnit.SECONDS).join()).isTrue();
        } finally {
            release.countDown();
        }
    }

    @Test
    void answersComeAfterClose() {
        Callbacks callbacks = Callbacks.growing();
        callbacks.close();
        callbacks.close();
        CompletableFuture<String> thread = new CompletableFuture<>();
        callbacks.run(() -> thread.complete(Thread.currentThread().getName()));
        assertThat(thread.orTimeout(10, TimeUnit.SECONDS).join()).startsWith("qscope-callbacks-");
    }

    @Test
    void answersComeWhenTheUsersExecutorIsGone() {
        ExecutorService users = Executors.newSingleThreadExecutor();
        users.shutdownNow();
        CompletableFuture<Boolean> answered = new CompletableFuture<>();
        Callbacks.on(users).run(() -> answered.complete(true));
        assertThat(answered.orTimeout(10, TimeUnit.SECONDS).join()).isTrue();
    }

    @Test
    void answersComeWhateverTheExecutorThrows() {
        for (Throwable thrown : List.of(
                new IllegalStateException("the context is stopping"),
                new OutOfMemoryError("unable to create native thread"))) {
            CompletableFuture<Boolean> answered = new CompletableFuture<>();
            Callbacks.on(task -> throwIt(thrown)).run(() -> answered.complete(true));
            assertThat(answered.orTimeout(10, TimeUnit.SECONDS).join()).isTrue();
        }
    }

    private static void throwIt(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }

    @Test
    void usersExecutorIsUsedAndLeftOpen() {
        List<Runnable> taken = new ArrayList<>();
        Callbacks callbacks = Callbacks.on(taken::add);
        Runnable task = () -> {};
        callbacks.run(task);
        callbacks.close();
        callbacks.run(task);
        assertThat(taken).containsExactly(task, task);
    }

    @Test
    void threadsEndWithTheJvm() {
        CompletableFuture<Boolean> daemon = new CompletableFuture<>();
        try (Callbacks callbacks = Callbacks.growing()) {
            callbacks.run(() -> daemon.complete(Thread.currentThread().isDaemon()));
        }
        assertThat(daemon.orTimeout(10, TimeUnit.SECONDS).join()).isTrue();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
