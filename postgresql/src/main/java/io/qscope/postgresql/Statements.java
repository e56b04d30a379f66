package io.qscope.postgresql;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.impl.PreparedStatementBase;
import io.vertx.sqlclient.internal.Connection;
import io.vertx.sqlclient.internal.SqlConnectionInternal;
import io.vertx.sqlclient.internal.command.PrepareStatementCommand;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends statements with parameters down one connection. Belongs to the event loop.
 *
 * <p>A server keeps what was prepared, under a name. A PgBouncer in transaction mode gives each transaction another connection to
 * the server, where such a name means nothing: the text goes along with each execution (Parse, Bind, Execute and Sync in one), and
 * only what the server says about its parameters and columns is asked for once, and kept. The driver can send that, but its public
 * interface asks anew before each execution and waits for the answer; hence the types of its {@code internal} packages, here alone.
 */
final class Statements {

    private final PgConnection connection;
    private final Context loop;
    private final boolean throughPooler;
    private final Map<String, Future<PreparedStatement>> described = new HashMap<>();

    Statements(PgConnection connection, Context loop, boolean throughPooler) {
        this.connection = connection;
        this.loop = loop;
        this.throughPooler = throughPooler;
    }

    /**
     * Asks the server for what has to be known of statements before {@link #run} can send them without waiting.
     *
     * @return when that is known, at once if it was; fails when the server refused one of them, and nothing has been run
     */
    Future<?> prepare(Collection<String> texts) {
        if (!throughPooler) {
            return Future.succeededFuture();
        }
        List<Future<?>> unknown = new ArrayList<>();
        for (String text : texts) {
            Future<PreparedStatement> statement = described(text);
            if (!statement.succeeded()) {
                unknown.add(statement);
            }
        }
        return unknown.isEmpty() ? Future.succeededFuture() : Future.join(unknown);
    }

    /** Sends a statement: at once, and behind what was sent before, if it needs not be {@linkplain #prepare prepared}. */
    Future<RowSet<Row>> run(String text, Tuple parameters) {
        if (!throughPooler) {
            return connection.preparedQuery(text).execute(parameters);
        }
        Future<PreparedStatement> statement = described(text);
        return statement.succeeded()
                ? statement.result().query().execute(parameters)
                : statement.compose(known -> known.query().execute(parameters));
    }

    private Future<PreparedStatement> described(String text) {
        Future<PreparedStatement> known = described.get(text);
        if (known == null) {
            known = describe(text);
            described.put(text, known);
            known.onFailure(refused -> described.remove(text));
        }
        return known;
    }

    private Future<PreparedStatement> describe(String text) {
        Connection inner = ((SqlConnectionInternal) connection).unwrap();
        Promise<io.vertx.sqlclient.internal.PreparedStatement> answer = Promise.promise();
        inner.schedule(new PrepareStatementCommand(text, null, false), answer);
        return answer.future()
                .map(unnamed -> PreparedStatementBase.create(inner, (ContextInternal) loop, unnamed, true));
    }
}
