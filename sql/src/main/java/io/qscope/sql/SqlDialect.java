package io.qscope.sql;

import java.util.regex.Pattern;

/**
 * What the SQL of one database has that another's lacks. Statements are written once: where only one database has something to
 * say, there stands a comment, which is one of the constants here, and which the others' parsers pass over.
 */
public enum SqlDialect {
    /** One writer at a time, so nothing has to be locked. */
    SQLITE("sqlite", "", "", "", ""),
    /** READ COMMITTED: what a statement relies on and does not write, it locks. */
    POSTGRESQL("postgresql", "FOR SHARE", "FOR NO KEY UPDATE", "FOR UPDATE SKIP LOCKED", "FOR UPDATE OF t SKIP LOCKED");

    /** Stands after a SELECT of the root that a write relies on: nobody revokes it until the write is committed. */
    static final String LOCKED = "/* locked */";

    /**
     * The same when the transaction goes on to write that root: whoever first shares a lock and then wants it alone is in a
     * deadlock with all who do so too.
     */
    static final String LOCKED_ALONE = "/* locked alone */";

    /** Stands after a SELECT of rows that are to be deleted: those that somebody else works on are left out. */
    static final String SKIPPING_LOCKED = "/* skipping locked */";

    /** The same of the rows of the table that is named t, of a join. */
    static final String SKIPPING_LOCKED_T = "/* skipping locked t */";

    /**
     * Stands before the SELECT, in brackets, of those rows of which a statement has first found which they are. PostgreSQL, which does
     * not know how many those will be, may look at the whole table for them, unless it is given an array.
     */
    static final String IN_FOUND = "IN /* found */";

    /**
     * Stands in a join with the one row that a SELECT of ids finds. PostgreSQL may look at the whole table for it while that is small, and
     * keeps to that when it has grown, unless the SELECT is the table.
     */
    static final String THE_ONE = "/* the one */";

    private static final Pattern THE_ONE_JOINED = Pattern.compile("JOIN " + Pattern.quote(THE_ONE)
            + " oauth_\\w+ (\\w+) ON \\1\\.id = \\(SELECT x\\.id (FROM .*? LIMIT 1)\\)");

    private static final Pattern FOUND = Pattern.compile(Pattern.quote(IN_FOUND) + " (\\(SELECT [^()]+\\))");

    private static final Pattern TABLE = Pattern.compile("'[^']*'|\\b(?:oauth_\\w+|" + SqlSchema.HISTORY + ")\\b");

    private final String folder;
    private final String locked;
    private final String lockedAlone;
    private final String skippingLocked;
    private final String skippingLockedT;

    SqlDialect(String folder, String locked, String lockedAlone, String skippingLocked, String skippingLockedT) {
        this.folder = folder;
        this.locked = locked;
        this.lockedAlone = lockedAlone;
        this.skippingLocked = skippingLocked;
        this.skippingLockedT = skippingLockedT;
    }

    /** Whether writers run side by side, so that what a write relies on has to be locked. */
    boolean locks() {
        return !locked.isEmpty();
    }

    /** Where its schema's files lie. */
    String folder() {
        return folder;
    }

    /**
     * A statement as the database is to be given it.
     *
     * @param schema the schema that its tables are in, quoted where it has to be; empty for the database's default
     */
    public String render(String text, String schema) {
        String own = text.replace(LOCKED, locked)
                .replace(LOCKED_ALONE, lockedAlone)
                .replace(SKIPPING_LOCKED, skippingLocked)
                .replace(SKIPPING_LOCKED_T, skippingLockedT);
        if (locks()) {
            own = FOUND.matcher(own).replaceAll("= ANY (ARRAY$1)");
            own = THE_ONE_JOINED.matcher(own).replaceAll("JOIN LATERAL (SELECT x.* $2) $1 ON TRUE");
        }
        return schema.isEmpty()
                ? own
                : TABLE.matcher(own)
                        .replaceAll(found -> java.util.regex.Matcher.quoteReplacement(
                                found.group().startsWith("'") ? found.group() : schema + "." + found.group()));
    }
}
