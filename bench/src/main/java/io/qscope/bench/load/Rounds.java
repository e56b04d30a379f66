package io.qscope.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs two sides in turn, the first one changing from round to round, so that what the machine does beside them, and what one
 * leaves to the other, falls on both.
 *
 * @param warmUps rounds that do not count, before the others
 * @param nanos how long each side works in a round
 * @param checkpoints how many the database has begun so far
 * @param listener who is told
 */
public record Rounds(int warmUps, long nanos, Callable<Long> checkpoints, Listener listener) {

    /** Who is told how far it is. */
    public interface Listener {

        /** A side begins its turn; {@code round} is 0 while it warms up. */
        void turn(int round, String side);

        /** A round is over that counts, unless it is {@linkplain #leftOut left out}. */
        void done(int number, Round round);

        /** The last round does not count after all. */
        void leftOut(int number);
    }

    /** What comes after a round, where their number is not known beforehand. */
    public enum Next {
        /** Another one. */
        ROUND,
        /** Nothing. */
        END,
        /** Nothing; and what should have gone on beside the round ended in the middle of it, so that it is left out. */
        END_WITHOUT_LAST
    }

    /** So many rounds. */
    public Comparison compare(int rounds, Side ours, @Nullable Side peer) throws Exception {
        List<Round> done = new ArrayList<>();
        while (done.size() < rounds) {
            add(done, ours, peer);
        }
        return new Comparison(done);
    }

    /** As many rounds as something goes on. The only one is kept, though it should be left out: there is no other. */
    public Comparison compareWhile(Supplier<Next> next, Side ours, @Nullable Side peer) throws Exception {
        List<Round> done = new ArrayList<>();
        Next after;
        do {
            add(done, ours, peer);
            after = next.get();
        } while (after == Next.ROUND);
        if (after == Next.END_WITHOUT_LAST && done.size() > 1) {
            listener.leftOut(done.size());
            done.remove(done.size() - 1);
        }
        return new Comparison(done);
    }

    /** Has both work before what counts. */
    public void warmUp(Side ours, @Nullable Side peer) throws Exception {
        for (int i = 0; i < warmUps; i++) {
            round(0, i % 2 == 0, ours, peer);
        }
    }

    private void add(List<Round> done, Side ours, @Nullable Side peer) throws Exception {
        int number = done.size() + 1;
        Round round = round(number, number % 2 == 1, ours, peer);
        done.add(round);
        listener.done(number, round);
    }

    private Round round(int number, boolean oursFirst, Side ours, @Nullable Side peer) throws Exception {
        if (peer == null) {
            return new Round(true, turn(number, ours), null);
        }
        Run first = turn(number, oursFirst ? ours : peer);
        Run second = turn(number, oursFirst ? peer : ours);
        return oursFirst ? new Round(true, first, second) : new Round(false, second, first);
    }

    private Run turn(int number, Side side) throws Exception {
        listener.turn(number, side.name());
        long before = checkpoints.call();
        Run done = side.turn(nanos);
        Run run = new Run(
                done.operations(),
                done.nanos(),
                done.latencies(),
                done.circumstances().checkpoints(checkpoints.call() - before));
        if (run.operations() == 0) {
            throw new CallFailed(side.name(), new IllegalStateException("not one operation was done in its turn"));
        }
        return run;
    }
}
