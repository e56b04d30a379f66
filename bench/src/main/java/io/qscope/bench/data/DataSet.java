package io.qscope.bench.data;

import io.qscope.store.Storage;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;

/** A schema with rows in it, which is opened by qscope and by hand. */
public interface DataSet extends AutoCloseable {

    /** What was put into it. */
    Sample sample();

    /** Opened by qscope; closed with this. */
    Storage storage();

    /** A connection by hand, with the settings and the durability of qscope's; the caller's to close. */
    Connection connect() throws SQLException;

    /** Stores rows in one transaction, as fast as the database can. */
    <T> void store(Columns<T> columns, Iterator<T> rows) throws SQLException;

    /** Lets the database look at what it has, so that it plans well. */
    void analyze() throws SQLException;

    /** How much the tables and indexes take, for people. */
    String size() throws SQLException;

    /** Closes the storage, and takes the data away. */
    @Override
    void close();
}
