package io.qscope.bench.load;

/** What a side with a thread for each call does. */
public interface Callers {

    /** Makes ready what so many operations use up; untimed. */
    default void prepare(long operations) throws Exception {}

    /** One thread's way of calling, for one turn; closed by the same thread. */
    Caller open() throws Exception;

    /** Of one thread. */
    interface Caller extends AutoCloseable {

        /** Makes one call, and answers how many operations it did; 0 when what was made ready is used up. */
        int call() throws Exception;

        @Override
        default void close() throws Exception {}
    }
}
