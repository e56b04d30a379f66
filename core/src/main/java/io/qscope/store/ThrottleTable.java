package io.qscope.store;

import io.qscope.model.RayId;
import io.qscope.model.TokenDigest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Counters that keep guessing slow: wrong user codes of an address, wrong passwords of an account. A key is the digest of
 * whatever is to be limited; its bytes alone count.
 *
 * <p><b>Count first, and ask afterwards.</b> Who asks first and counts what was wrong lets through every guess that is under
 * way at the same time: a hundred of them all find the counter low. So count, go on only while the count is within the limit,
 * and take it back by {@link #uncount} when the guess was right. Then no number of parallel guesses slips past.
 *
 * <p>A window is fixed: it begins with the first count after the last one's end, and lasts as long as that count says,
 * whatever later counts in it say. So twice the limit can pass around its end. Callers' clocks judge; a count from before the
 * window began is counted in it. So a clock that is far ahead does harm for as long: the window that it begins ends by that
 * clock, and until then a key that is over its limit stays so, for everybody. Keep the servers' clocks in step (NTP).
 *
 * <p>There are no rows to read, insert or delete, and a counter is kept for every key ever counted, until {@link
 * Storage#purge} takes it: nothing else bounds their number.
 */
public interface ThrottleTable {

    /**
     * Adds one to a key's counter and says how many there are. A count at the window's end or later begins a new window, at
     * one.
     *
     * <p>Repeat: by the attempt that counted last the first answer again, and nothing is added, until a purge took the
     * counter; by an earlier attempt it counts once more, which errs on the safe side. Concurrency: of N counts in one window,
     * in any number of processes, each is told another number, from 1 to N.
     *
     * <p>In a unit of work that is refused or fails, the count is undone with the rest: a count that must hold whatever
     * follows is a call of its own.
     *
     * @param window how long a window that begins now lasts: whole seconds, from one to a day
     * @return completes when durable; fails with {@link InvalidRowException} for a window out of its bounds, {@link
     *     StorageUnavailableException}
     */
    CompletableFuture<ThrottleCount> count(TokenDigest key, Duration window, Attempt attempt, RayId rayId);

    /**
     * Takes one back from a key's counter, of which the window that is open at the attempt's time is meant, whichever one was
     * counted in.
     *
     * <p>Absence: nothing is done when there is no counter, it stands at zero, or its window is over. Repeat: by the attempt
     * that took back last nothing is done; by an earlier one, another is taken back, which loosens the limit: after a lost
     * answer, repeat at once or not at all. Concurrency: one after the other with counts; never below zero.
     *
     * @return completes when durable; fails with {@link StorageUnavailableException}
     */
    CompletableFuture<Void> uncount(TokenDigest key, Attempt attempt, RayId rayId);
}
