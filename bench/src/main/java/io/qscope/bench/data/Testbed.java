package io.qscope.bench.data;

import java.io.PrintWriter;

/** A database where data sets are made. */
public interface Testbed extends AutoCloseable {

    /** A word for tables: {@code sqlite}, {@code postgresql}. */
    String engine();

    /**
     * Prints what it is and how durable.
     *
     * @throws NotDurable when a commit would not be on a disk
     */
    void introduce(PrintWriter out) throws Exception;

    /** A new data set with so many access tokens, their roots and clients. */
    DataSet load(int rows) throws Exception;

    /** Whether qscope and a peer may work on one data set; else each has its own, with the same rows. */
    boolean isShared();

    /** How many checkpoints the server has begun; 0 where nobody tells. */
    long checkpoints() throws Exception;

    /** Ends it, and deletes what was made. */
    @Override
    void close();
}
