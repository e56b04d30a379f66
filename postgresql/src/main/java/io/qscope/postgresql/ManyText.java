package io.qscope.postgresql;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A statement about one row, rewritten so that it does the same for many calls at once: it is given an array for each of its
 * parameters, with an element a call, and says of each row which call it is the row of.
 *
 * <pre>{@code
 * UPDATE t SET at = $2 WHERE token = $1 AND at IS NULL RETURNING id
 *
 * UPDATE t SET at = given.p2 FROM unnest($1::bytea[], $2::bigint[]) WITH ORDINALITY AS given (p1, p2, nth)
 *  WHERE token = given.p1 AND at IS NULL RETURNING given.nth, id
 * }</pre>
 */
final class ManyText {

    /** What a parameter is. What only nulls were given for so far is nothing yet, and written as NULL. */
    enum Kind {
        TEXT("text"),
        BIGINT("bigint"),
        BOOLEAN("boolean"),
        BYTEA("bytea");

        private final String type;

        Kind(String type) {
            this.type = type;
        }

        static @Nullable Kind of(@Nullable Object value) {
            if (value == null) {
                return null;
            }
            if (value instanceof String) {
                return TEXT;
            }
            if (value instanceof Long) {
                return BIGINT;
            }
            return value instanceof Boolean ? BOOLEAN : BYTEA;
        }
    }

    private static final Pattern PARAMETER = Pattern.compile("\\$(\\d+)");

    private static final Pattern INSERT_VALUES =
            Pattern.compile("(INSERT INTO [^(]+\\([^)]+\\))\\s+VALUES \\((.*)\\)\\s*", Pattern.DOTALL);

    private static final Pattern INSERT_SELECT =
            Pattern.compile("(INSERT INTO [^(]+\\((\\w+)[^)]+\\)\\s+SELECT .*?)(\\s+WHERE\\s.*)", Pattern.DOTALL);

    private static final Pattern INSERT_KEY = Pattern.compile("INSERT INTO [^(]+\\((\\w+)");

    private static final Pattern CHANGE =
            Pattern.compile("(UPDATE|DELETE)(.*?)(\\sWHERE\\s.*?)(?:(\\sRETURNING\\s)(.*))?", Pattern.DOTALL);

    private final String given;
    private final String body;

    /**
     * A statement to be rewritten.
     *
     * @param text as the server is given it for one call
     * @param kinds of its parameters; null for one that is null in each call
     */
    ManyText(String text, List<@Nullable Kind> kinds) {
        StringBuilder arrays = new StringBuilder();
        StringBuilder names = new StringBuilder();
        int array = 0;
        for (int i = 0; i < kinds.size(); i++) {
            Kind kind = kinds.get(i);
            if (kind != null) {
                array++;
                arrays.append(array == 1 ? "" : ", ")
                        .append('$')
                        .append(array)
                        .append("::")
                        .append(kind.type)
                        .append("[]");
                names.append('p').append(i + 1).append(", ");
            }
        }
        this.given = "unnest(" + arrays + ") WITH ORDINALITY AS given (" + names + "nth)";
        this.body = PARAMETER
                .matcher(text)
                .replaceAll(found ->
                        kinds.get(Integer.parseInt(found.group(1)) - 1) == null ? "NULL" : "given.p" + found.group(1));
    }

    /** Whether a writing statement can be rewritten. */
    static boolean canBe(String text) {
        return !text.contains("ON CONFLICT")
                && (text.startsWith("INSERT")
                        ? !text.contains("RETURNING")
                        : CHANGE.matcher(text).matches());
    }

    /** A SELECT: its rows, each after the number of its call. */
    String reading() {
        return "SELECT given.nth, found.* FROM " + given + " CROSS JOIN LATERAL (" + body + ") AS found";
    }

    /**
     * An INSERT that passes over what cannot be inserted, and returns the keys of what was, which are each call's first parameter;
     * {@code null} when that is none.
     *
     * @param condition under which it may be run at all
     */
    String insertingWhatCanBe(String condition) {
        Matcher key = INSERT_KEY.matcher(body);
        if (!key.find()) {
            throw new IllegalStateException("no INSERT with columns: " + body);
        }
        return provided("SELECT " + condition, inserting() + " ON CONFLICT DO NOTHING RETURNING " + key.group(1));
    }

    /** An INSERT that inserts everything or fails. */
    String insertingAll(String condition) {
        return "WITH step AS (" + inserting() + " RETURNING 1) SELECT 1 / (" + all(condition) + ")::int";
    }

    /** An UPDATE or a DELETE: of each row that it touched the number of its call, and what it returns; null when that is none. */
    String changingWhatCanBe(String condition) {
        return provided("SELECT " + condition, changing());
    }

    /** The same, which fails unless each call touched a row. */
    String changingAll(String condition) {
        return provided(all(condition), changing());
    }

    private static String all(String condition) {
        return "SELECT count(*) = cardinality($1) AND " + condition + " FROM step";
    }

    /** Fails with {@link Texts#TOUCHED_NOTHING} unless a question is answered with yes: nothing else here divides. */
    private static String provided(String question, String statement) {
        return "WITH step AS (" + statement + ") SELECT 1 / (" + question + ")::int, step.*"
                + " FROM (SELECT) AS one LEFT JOIN step ON TRUE";
    }

    private String inserting() {
        Matcher values = INSERT_VALUES.matcher(body);
        if (values.matches()) {
            return values.group(1) + " SELECT " + values.group(2) + " FROM " + given + " ORDER BY given.nth";
        }
        Matcher select = INSERT_SELECT.matcher(body);
        if (select.matches()) {
            return select.group(1) + " FROM " + given + select.group(3) + " ORDER BY given.nth";
        }
        throw new IllegalStateException("no INSERT of one row: " + body);
    }

    private String changing() {
        Matcher change = CHANGE.matcher(body);
        if (!change.matches()) {
            throw new IllegalStateException("no UPDATE or DELETE: " + body);
        }
        String from = change.group(1).equals("DELETE") ? " USING " : " FROM ";
        String returned = change.group(5) == null ? "" : ", " + change.group(5);
        return change.group(1) + change.group(2) + from + given + change.group(3) + " RETURNING given.nth" + returned;
    }
}
