package io.qscope.postgresql;

import io.qscope.sql.SqlDialect;
import io.qscope.sql.SqlStep;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Statements and parameters as the server is given them. */
final class Texts {

    /** What a statement that must touch a row fails with when it touches none: nothing else here divides. */
    static final String TOUCHED_NOTHING = "22012";

    private final String schema;
    private final Map<String, String> plain = new ConcurrentHashMap<>();
    private final Map<String, String> required = new ConcurrentHashMap<>();

    Texts(String schema) {
        this.schema = '"' + schema.replace("\"", "\"\"") + '"';
    }

    /** A statement as it is. */
    String plain(String text) {
        return plain.computeIfAbsent(text, given -> SqlDialect.POSTGRESQL.render(given, schema));
    }

    /**
     * A statement that fails with {@link #TOUCHED_NOTHING} unless it touches a row, so that what was sent behind it, down to the
     * COMMIT, does not happen either, though nobody waited for its answer. Its result has a column more, the first.
     */
    String required(SqlStep step) {
        return required.computeIfAbsent(
                step.text(),
                given -> "WITH step AS (" + plain(given) + (step.returning() == null ? " RETURNING 1" : "") + ")"
                        + " SELECT 1 / (SELECT count(*) FROM step), step.*"
                        + " FROM (SELECT) AS one LEFT JOIN step ON TRUE");
    }

    /** Every statement so far, as the server was given it. */
    Set<String> sent() {
        Set<String> sent = new HashSet<>(plain.values());
        sent.addAll(required.values());
        return sent;
    }

    /**
     * Parameters.
     *
     * @throws Unencodable when a text among them cannot be sent as it is
     */
    static Tuple parameters(List<@Nullable Object> given) {
        Tuple tuple = Tuple.tuple();
        for (Object value : given) {
            if (value instanceof byte[] bytes) {
                tuple.addBuffer(Buffer.buffer(bytes));
            } else if (value instanceof String text) {
                refuseUnencodable(text);
                tuple.addString(text);
            } else {
                tuple.addValue(value);
            }
        }
        return tuple;
    }

    /** A text that PostgreSQL cannot hold. */
    static final class Unencodable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unencodable(String why) {
            super(why, null, false, false);
        }
    }

    /** Half a surrogate pair Java would encode as a question mark, and find the row that is so named. */
    private static void refuseUnencodable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw new Unencodable("a text holds the character U+0000, which PostgreSQL cannot store");
            }
            if (Character.isSurrogate(c)) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
                    throw new Unencodable("a text has no UTF-8 form: it holds half of a surrogate pair");
                }
                i++;
            }
        }
    }
}
