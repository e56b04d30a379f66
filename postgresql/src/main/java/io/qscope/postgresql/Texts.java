package io.qscope.postgresql;

import io.qscope.sql.SqlDialect;
import io.qscope.sql.SqlQuery;
import io.qscope.sql.SqlStep;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Statements and parameters as the server is given them. */
final class Texts {

    /** What a statement that must touch a row fails with when it touches none: nothing else here divides. */
    static final String TOUCHED_NOTHING = "22012";

    /** What {@link #begin} is where nothing else has to be said: a statement by itself then needs none. */
    static final String BEGIN = "BEGIN DEFERRABLE";

    /** A transaction is so by nothing but its {@link #BEGIN} on connections that were opened with {@link #NOT_BY_DEFAULT}. */
    private static final String IS_DEFERRABLE = "current_setting('transaction_deferrable') = 'on'";

    /** The setting, off, that would mark transactions which nobody began. */
    static final String NOT_BY_DEFAULT = "default_transaction_deferrable";

    /** Nobody else knows this setting, and it is over with the transaction; what was never set is null. */
    private static final String MARK = "qscope.begun";

    private static final String IS_MARKED = "coalesce(current_setting('" + MARK + "', true), '') = 'on'";

    private final String schema;
    private final String begin;

    /** Whether a statement stands in a transaction that {@link #begin} began. */
    private final String isBegun;

    private final Map<String, String> plain = new ConcurrentHashMap<>();
    private final Map<String, String> required = new ConcurrentHashMap<>();
    private final Map<String, String> counted = new ConcurrentHashMap<>();
    private final Map<Many, String> many = new ConcurrentHashMap<>();
    private final Map<String, List<ManyText.@Nullable Kind>> kinds = new ConcurrentHashMap<>();

    private record Many(String text, List<ManyText.@Nullable Kind> kinds, boolean strict) {}

    Texts(String schema) {
        this(schema, BEGIN, IS_DEFERRABLE);
    }

    private Texts(String schema, String begin, String isBegun) {
        this.schema = '"' + schema.replace("\"", "\"\"") + '"';
        this.begin = begin;
        this.isBegun = isBegun;
    }

    /**
     * Texts for where nothing outlasts a transaction: each sets its own time-outs, in the message that begins it. Whether
     * transactions are deferrable is there up to whoever used the session before, so a setting of our own marks them.
     */
    static Texts throughPooler(String schema, Duration timeout) {
        long millis = timeout.toMillis();
        return new Texts(
                schema,
                "BEGIN; SET LOCAL " + MARK + " = 'on'; SET LOCAL statement_timeout = " + millis
                        + "; SET LOCAL idle_in_transaction_session_timeout = " + millis,
                IS_MARKED);
    }

    /**
     * Begins a transaction, and marks it: by DEFERRABLE, which means nothing to one that writes, or by a setting.
     * {@link #required} and {@link #counted} fail outside of it. They are sent without waiting for the BEGIN, which can fail (somebody cancels it, memory is short), and would
     * then each be committed on its own.
     */
    String begin() {
        return begin;
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
                        + " SELECT 1 / (SELECT count(*) FROM step WHERE " + isBegun + "), step.*"
                        + " FROM (SELECT) AS one LEFT JOIN step ON TRUE");
    }

    /** How a statement is sent, and so what its result is. */
    enum Form {
        /** As it is. */
        PLAIN,
        /** {@link Texts#required}. */
        REQUIRED,
        /** {@link Texts#counted}. */
        COUNTED;

        /** As it is sent behind a BEGIN: nothing that writes does so without it. */
        static Form behindBegin(SqlStep step) {
            boolean onlyLocks = !step.required() && step.returning() != null;
            return onlyLocks ? PLAIN : step.required() ? REQUIRED : COUNTED;
        }
    }

    /** A statement that may touch any number of rows, and answers with that number alone; fails outside of a begun transaction. */
    String counted(SqlStep step) {
        return counted.computeIfAbsent(
                step.text(),
                given -> "WITH step AS (" + plain(given) + " RETURNING 1) SELECT count(*) / (" + isBegun
                        + ")::int FROM step");
    }

    String of(SqlStep step, Form form) {
        return switch (form) {
            case PLAIN -> plain(step.text());
            case REQUIRED -> required(step);
            case COUNTED -> counted(step);
        };
    }

    /** Whether a statement can be made one for many calls. */
    static boolean canBeMany(SqlStep step) {
        return step.touches() != SqlStep.Touches.ANY && ManyText.canBe(step.text());
    }

    /**
     * A writing statement for many calls; fails outside of a begun transaction.
     *
     * @param strict whether it fails with {@link #TOUCHED_NOTHING} unless each call touches the row that it must
     */
    String many(SqlStep step, List<ManyText.@Nullable Kind> kinds, boolean strict) {
        return many.computeIfAbsent(new Many(step.text(), kinds, strict), given -> {
            ManyText text = new ManyText(plain(step.text()), kinds);
            if (step.text().startsWith("INSERT")) {
                return strict ? text.insertingAll(isBegun) : text.insertingWhatCanBe(isBegun);
            }
            return strict && step.required() ? text.changingAll(isBegun) : text.changingWhatCanBe(isBegun);
        });
    }

    /** A SELECT for many calls, each row of whose answer begins with the number of its call. */
    String many(SqlQuery<?> query, List<ManyText.@Nullable Kind> kinds) {
        return many.computeIfAbsent(
                new Many(query.text(), kinds, false), given -> new ManyText(plain(query.text()), kinds).reading());
    }

    /** What the parameters of a statement are, as far as any call has shown it. */
    List<ManyText.@Nullable Kind> kinds(String text, List<List<@Nullable Object>> parameters) {
        List<ManyText.@Nullable Kind> known = kinds.get(text);
        List<ManyText.@Nullable Kind> found = new ArrayList<>();
        for (int i = 0; i < parameters.get(0).size(); i++) {
            ManyText.Kind kind = known == null ? null : known.get(i);
            for (int call = 0; kind == null && call < parameters.size(); call++) {
                kind = ManyText.Kind.of(parameters.get(call).get(i));
            }
            found.add(kind);
        }
        if (!found.equals(known)) {
            kinds.put(text, found);
        }
        return found;
    }

    /**
     * Parameters of many calls.
     *
     * @throws Unencodable when a text among them cannot be sent as it is
     */
    static Tuple arrays(List<List<@Nullable Object>> calls, List<ManyText.@Nullable Kind> kinds) {
        Tuple tuple = Tuple.tuple();
        for (int i = 0; i < kinds.size(); i++) {
            ManyText.Kind kind = kinds.get(i);
            if (kind != null) {
                tuple.addValue(array(calls, i, kind));
            }
        }
        return tuple;
    }

    private static Object array(List<List<@Nullable Object>> calls, int parameter, ManyText.Kind kind) {
        int size = calls.size();
        @Nullable
        Object[] array = switch (kind) {
            case TEXT -> new String[size];
            case BIGINT -> new Long[size];
            case BOOLEAN -> new Boolean[size];
            case BYTEA -> new Buffer[size];
        };
        for (int call = 0; call < size; call++) {
            Object value = calls.get(call).get(parameter);
            if (value instanceof String text) {
                refuseUnencodable(text);
            }
            array[call] = value instanceof byte[] bytes ? Buffer.buffer(bytes) : value;
        }
        return array;
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
