package io.qscope.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SideTest {

    private static final long TURN = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long STALL = TimeUnit.MILLISECONDS.toNanos(150);
    private static final double RATE = 1_000;

    private final ScheduledExecutorService answers = Executors.newScheduledThreadPool(2);

    @AfterEach
    void close() {
        answers.shutdownNow();
    }

    @Test
    void keepsSoManyCallsInFlightAndNoMore() throws Exception {
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Side side = new AsyncSide(
                "ours",
                Load.closed(7),
                () -> {
                    most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                    return later(1).thenRun(underWay::decrementAndGet);
                },
                1);

        Run run = side.turn(TURN);

        assertThat(most).hasValue(7);
        assertThat(underWay).hasValue(0);
        assertThat(run.operations()).isPositive().isEqualTo(run.latencies().getTotalCount());
        assertThat(run.nanos()).isGreaterThanOrEqualTo(TURN);
    }

    @Test
    void isNotDeepenedByAnswersThatAreThereAtOnce() throws Exception {
        int deep = 100_000;
        AtomicInteger made = new AtomicInteger();
        Side side = new AsyncSide(
                "ours",
                Load.closed(1),
                () -> made.incrementAndGet() > deep ? null : CompletableFuture.completedFuture(null),
                1);

        assertThat(side.turn(TimeUnit.MINUTES.toNanos(1)).operations()).isEqualTo(deep);
    }

    @Test
    void endsATurnEarlyWhenWhatWasMadeReadyIsUsedUp() throws Exception {
        Semaphore supply = new Semaphore(0);
        Side side = new AsyncSide(
                "ours",
                Load.closed(4),
                new Calls() {
                    @Override
                    public void prepare(long calls) {
                        supply.release(20);
                    }

                    @Override
                    public @Nullable CompletableFuture<?> call() {
                        return supply.tryAcquire() ? later(1) : null;
                    }
                },
                1);

        Run run = side.turn(TimeUnit.SECONDS.toNanos(60));

        assertThat(run.operations()).isEqualTo(20);
        assertThat(run.nanos()).isLessThan(TimeUnit.SECONDS.toNanos(30));
    }

    /** One that keeps a closed loop waiting is one slow call there; here it is as many as were due meanwhile. */
    @Test
    void countsFromWhenACallWasDueWhateverItHadToWaitFor() throws Exception {
        AtomicLong stalledUntil = new AtomicLong();
        Callers callers = () -> () -> {
            stalledUntil.compareAndSet(0, System.nanoTime() + STALL);
            while (System.nanoTime() - stalledUntil.get() < 0) {
                Thread.onSpinWait();
            }
            return 1;
        };

        Run open = new ThreadSide("peer", Load.open(RATE), 1, callers, 1).turn(TURN);
        stalledUntil.set(0);
        Run closed = new ThreadSide("peer", Load.closed(1), 1, callers, 1).turn(TURN);

        assertThat(open.latencies().getTotalCount()).isEqualTo((long) (RATE * TURN / TimeUnit.SECONDS.toNanos(1)));
        assertThat(slow(open)).isGreaterThan((long) (RATE * STALL / TimeUnit.SECONDS.toNanos(1) / 2) - 1);
        assertThat(slow(closed)).isLessThan(slow(open));
    }

    @Test
    void makesCallsAtTheRateWithoutWaitingForAnswers() throws Exception {
        List<CompletableFuture<Void>> unanswered = new ArrayList<>();
        int all = (int) (RATE * TURN / TimeUnit.SECONDS.toNanos(1));
        Side side = new AsyncSide(
                "ours",
                Load.open(RATE),
                () -> {
                    CompletableFuture<Void> answer = new CompletableFuture<>();
                    unanswered.add(answer);
                    if (unanswered.size() == all) {
                        unanswered.forEach(each -> each.complete(null));
                    }
                    return answer;
                },
                1);

        Run run = side.turn(TURN);

        assertThat(run.operations()).isEqualTo(all);
        // The first was due at once, and all were answered when the last was made.
        assertThat(run.latencies().getMaxValue()).isGreaterThan(TURN / 2);
    }

    @Test
    void isVoidWhenAnOpenLoopHasNothingLeftForACallThatIsDue() {
        Side async = new AsyncSide("ours", Load.open(RATE), () -> null, 1);
        Side threads = new ThreadSide("peer", Load.open(RATE), 1, () -> () -> 0, 1);

        for (Side side : List.of(async, threads)) {
            assertThatThrownBy(() -> side.turn(TURN))
                    .isInstanceOf(CallFailed.class)
                    .hasMessageContaining("take a lower --rate");
        }
    }

    @Test
    void startsTheClockOnceAllAreOpened() throws Exception {
        Callers slow = () -> {
            long until = System.nanoTime() + STALL;
            while (System.nanoTime() - until < 0) {
                Thread.onSpinWait();
            }
            return () -> 1;
        };

        assertThat(new ThreadSide("peer", Load.closed(1), 1, slow, 1)
                        .turn(STALL / 2)
                        .operations())
                .isPositive();
    }

    @Test
    void isVoidWhenACallFails() {
        AtomicInteger calls = new AtomicInteger();
        Side async = new AsyncSide(
                "ours",
                Load.closed(3),
                () -> calls.incrementAndGet() < 100
                        ? later(0)
                        : CompletableFuture.failedFuture(new IllegalStateException("no")),
                1);
        Side threads = new ThreadSide(
                "peer",
                Load.closed(3),
                3,
                () -> () -> {
                    if (calls.incrementAndGet() > 200) {
                        throw new IllegalStateException("no");
                    }
                    return 1;
                },
                1);

        assertThatThrownBy(() -> async.turn(TimeUnit.MINUTES.toNanos(1)))
                .isInstanceOf(CallFailed.class)
                .hasMessageContaining("void: a call of ours failed");
        assertThatThrownBy(() -> threads.turn(TimeUnit.MINUTES.toNanos(1)))
                .isInstanceOf(CallFailed.class)
                .hasMessageContaining("void: a call of peer failed");
    }

    private static long slow(Run run) {
        return run.latencies().getCountBetweenValues(STALL / 2, Long.MAX_VALUE / 2);
    }

    private CompletableFuture<Void> later(long millis) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        var unused = answers.schedule(() -> answer.complete(null), millis, TimeUnit.MILLISECONDS);
        return answer;
    }
}
