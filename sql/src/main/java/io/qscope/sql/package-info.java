/**
 * The contract on SQL: the schema, every table written once, and the {@link io.qscope.sql.SqlEngine} that runs them.
 *
 * <p>A table's method makes its call as data: constants of SQL text with numbered parameters ({@code $1}), what each
 * statement must touch, and how to answer. The engine gets lists of such calls and is free to send many as one statement, in
 * one transaction or down one pipeline.
 */
@NullMarked
package io.qscope.sql;

import org.jspecify.annotations.NullMarked;
