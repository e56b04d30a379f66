package io.qscope.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.RayId;
import io.qscope.store.CallOutcome;
import io.qscope.store.StorageCall;
import io.qscope.store.StorageListener;
import io.qscope.store.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class ListeningTest {

    private static final RayId RAY = new RayId("ray");

    private final BlockingQueue<StorageCall> told = new LinkedBlockingQueue<>();

    @Test
    void withoutAListenerFuturesArePlain() {
        CompletableFuture<String> call = Listening.to(null).future("insert", TableName.CLIENTS, RAY);

        assertThat(call.getClass()).isEqualTo(CompletableFuture.class);
    }

    @Test
    void aCallWaitsUntilItIsTakenUpForTheLastTime() throws InterruptedException {
        CompletableFuture<String> call = Listening.to(told::add).future("insert", TableName.CLIENTS, RAY);
        Listening.takenUp(call, 2);
        long between = System.nanoTime();
        Listening.takenUp(call, 3);
        Listening.ended(call);
        long after = System.nanoTime();
        Listening.complete(call, "done");

        StorageCall heard = heard();
        assertThat(call).isCompletedWithValue("done");
        assertThat(heard.groupSize()).isEqualTo(3);
        assertThat(heard.endedNanos() - heard.running().toNanos() - between).isNotNegative();
        assertThat(after - heard.endedNanos()).isNotNegative();
    }

    @Test
    void aCallThatIsNeverTakenUpOnlyWaits() throws InterruptedException {
        CompletableFuture<String> call =
                Listening.to(told::add).refused("insert", TableName.CLIENTS, RAY, new IllegalStateException());

        assertThat(call).isCompletedExceptionally();
        assertThat(heard()).satisfies(heard -> {
            assertThat(heard.running()).isEqualTo(Duration.ZERO);
            assertThat(heard.groupSize()).isEqualTo(1);
            assertThat(heard.outcome()).isEqualTo(CallOutcome.UNFORESEEN);
        });
    }

    @Test
    void aCallThatTwoAnswerIsToldOnce() throws InterruptedException {
        Listening listening = Listening.to(told::add);
        CompletableFuture<String> call = listening.future("insert", TableName.CLIENTS, RAY);
        Listening.complete(call, "done");
        Listening.fail(call, new IllegalStateException());
        Listening.complete(listening.future("last", null, RAY), "done");

        assertThat(heard().outcome()).isEqualTo(CallOutcome.OK);
        assertThat(heard().operation()).isEqualTo("last");
    }

    @Test
    void aListenerThatThrowsIsLoggedOnce() throws InterruptedException {
        RuntimeException thrown = new IllegalStateException("a listener that throws");
        Listening listening = Listening.to(call -> {
            told.add(call);
            throw thrown;
        });
        Queue<LogRecord> logged = new ConcurrentLinkedQueue<>();
        Logger logger = Logger.getLogger(StorageListener.class.getName());
        Level before = logger.getLevel();
        Handler handler = collecting(logged);
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        logger.setLevel(Level.WARNING);
        try {
            for (String operation : List.of("first", "second", "third")) {
                Listening.complete(listening.future(operation, null, RAY), "done");
                assertThat(heard().operation()).isEqualTo(operation);
            }
        } finally {
            logger.setLevel(before);
            logger.setUseParentHandlers(true);
            logger.removeHandler(handler);
        }

        // The third is told once what the second threw has been dropped.
        assertThat(logged).singleElement().satisfies(record -> {
            assertThat(record.getLevel()).isEqualTo(Level.WARNING);
            assertThat(record.getMessage()).contains("listener threw");
            assertThat(record.getThrown()).isSameAs(thrown);
        });
    }

    private static Handler collecting(Queue<LogRecord> logged) {
        return new Handler() {
            @Override
            public void publish(LogRecord record) {
                logged.add(record);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    @Test
    void whileAListenerIsStuckOnlySoManyCallsWaitToBeTold() throws InterruptedException {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger heard = new AtomicInteger();
        Listening listening = Listening.to(call -> {
            stuck.countDown();
            heard.incrementAndGet();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            told.add(call);
        });
        Listening.complete(listening.future("first", null, RAY), "done");
        assertThat(stuck.await(10, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 70_000; i++) {
            CompletableFuture<String> call = listening.future("another", null, RAY);
            Listening.complete(call, "done");
            assertThat(call).isCompleted();
        }
        release.countDown();
        StorageCall last = heard();
        for (int i = 0; i < 65_536; i++) {
            last = heard();
        }

        assertThat(last.operation()).isEqualTo("another");
        assertThat(heard).hasValue(65_537);
    }

    private StorageCall heard() throws InterruptedException {
        StorageCall call = told.poll(10, TimeUnit.SECONDS);
        assertThat(call).as("a call that is told").isNotNull();
        return call;
    }
}
