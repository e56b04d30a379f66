package io.qscope.postgresql;

import io.qscope.store.Guarantee;
import io.qscope.store.Guarantees;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of itself: whether it takes writes, what it is set to, and which replicas it has.
 *
 * @param takesWrites a replica does not, nor does a primary that was set to be read only because another is to take its place
 * @param guarantees what it keeps, so set
 */
record ServerState(boolean takesWrites, Guarantees guarantees) {

    /** Whether it takes writes, alone. */
    static final String TAKES_WRITES = "SELECT current_setting('transaction_read_only') = 'off'";

    /** What is asked for, in this order, as texts. Who may not see the replicas' state sees how many there are. */
    private enum Column {
        READ_ONLY("current_setting('transaction_read_only')"),
        FSYNC("current_setting('fsync')"),
        FULL_PAGE_WRITES("current_setting('full_page_writes')"),
        COMMIT("current_setting('synchronous_commit')"),
        STANDBY_NAMES("current_setting('synchronous_standby_names')"),
        USER("current_user::text"),
        REPLICAS("(SELECT count(*)::text FROM pg_stat_replication)"),
        HIDDEN_REPLICAS("(SELECT count(*)::text FROM pg_stat_replication WHERE state IS NULL)"),
        CONFIRMING_REPLICAS("(SELECT count(*)::text FROM pg_stat_replication"
                + " WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum'))");

        private final String expression;

        Column(String expression) {
            this.expression = expression;
        }

        /** A setting that this server does not know is empty. */
        @SuppressWarnings("EnumOrdinal") // the columns are asked for in the order in which they stand here
        private String of(IntFunction<@Nullable String> row) {
            String text = row.apply(ordinal());
            return text == null ? "" : text;
        }

        private int countOf(IntFunction<@Nullable String> row) {
            return Integer.parseInt(of(row));
        }
    }

    /** Columns of one row, for a SELECT. */
    static final String COLUMNS =
            Arrays.stream(Column.values()).map(column -> column.expression).collect(Collectors.joining(", "));

    /**
     * Of a row.
     *
     * @param row the text of one of {@link #COLUMNS}, from 0
     */
    static ServerState of(IntFunction<@Nullable String> row) {
        String commit = Column.COMMIT.of(row);
        Replicas replicas = new Replicas(
                Column.USER.of(row),
                Column.REPLICAS.countOf(row),
                Column.HIDDEN_REPLICAS.countOf(row),
                Column.CONFIRMING_REPLICAS.countOf(row));
        Guarantees beyondPower =
                beyondPower(Guarantees.all(), Column.FSYNC.of(row), Column.FULL_PAGE_WRITES.of(row), commit);
        return new ServerState(
                Column.READ_ONLY.of(row).equals("off"),
                beyondNode(beyondPower, commit, Column.STANDBY_NAMES.of(row), replicas));
    }

    private static Guarantees beyondPower(Guarantees guarantees, String fsync, String fullPages, String commit) {
        String settings = "fsync=" + fsync + ", full_page_writes=" + fullPages + ", synchronous_commit=" + commit;
        return fsync.equals("on") && fullPages.equals("on") && !commit.equals("off")
                ? guarantees.restingOn(Guarantee.DURABLE_BEYOND_POWER, settings)
                : guarantees.without(Guarantee.DURABLE_BEYOND_POWER, "the server runs with " + settings);
    }

    /**
     * Those that are connected.
     *
     * @param user who looks
     * @param hidden of how many of them that user may not see the state
     * @param confirming how many confirm commits
     */
    private record Replicas(String user, int connected, int hidden, int confirming) {}

    private static Guarantees beyondNode(Guarantees guarantees, String commit, String names, Replicas replicas) {
        String settings = "synchronous_standby_names='" + names + "', synchronous_commit=" + commit;
        String without;
        if (names.isBlank() || commit.equals("off") || commit.equals("local")) {
            without = "no replica has to confirm a commit: the server runs with " + settings;
        } else if (replicas.confirming > 0) {
            return guarantees.restingOn(
                    Guarantee.DURABLE_BEYOND_NODE,
                    settings + ", replicas that confirm: " + replicas.confirming + " of " + replicas.connected);
        } else if (replicas.hidden > 0) {
            without = "whether a replica confirms commits is hidden from the user " + replicas.user
                    + "; GRANT pg_read_all_stats to it. The server runs with " + settings
                    + ", replicas that are connected: "
                    + replicas.connected;
        } else {
            without = "no replica confirms commits now, and they wait for one: the server runs with " + settings
                    + ", replicas that are connected: " + replicas.connected;
        }
        return guarantees.without(Guarantee.DURABLE_BEYOND_NODE, without);
    }
}
