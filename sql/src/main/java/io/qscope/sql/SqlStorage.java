package io.qscope.sql;
/** x */
public final class SqlStorage {}
