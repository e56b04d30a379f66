package io.qscope.bench.load;

/** One of two that do the same work in turn. */
public interface Side {

    /** A word for tables. */
    String name();

    /** Makes ready what a turn of that many nanoseconds uses up; untimed. */
    void prepare(long nanos) throws Exception;

    /**
     * Works for so long, and finishes what it began.
     *
     * @throws CallFailed when one of its calls failed, which voids the run
     */
    Run work(long nanos) throws InterruptedException;

    /** A turn. */
    default Run turn(long nanos) throws Exception {
        prepare(nanos);
        return work(nanos);
    }
}
