package io.qscope.sql;

import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.Purged;
import io.qscope.store.StorageUnavailableException;
import io.qscope.store.TableName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what is of no more use, one table after the other, in slices that are commits of their own, so that nobody waits for
 * long. Where a row's date alone decides, a slice deletes what an index finds. Where most rows of that age may have to stay,
 * slices are looked through by reading, which holds up no writer, and only what is due is deleted, by id.
 *
 * <p>Between two parts it rests, in proportion to how long the last one took: the busier the database, the longer. That is known
 * of other processes' load too, which nothing here could count.
 */
final class SqlPurge {

    private static final int SLICE = 500;

    /** How many times as long as its last part took a purge then stands still: it has a third of one connection's time. */
    private static final int REST = 2;

    /** A part that waited for somebody's lock for long is no reason to stand still for longer than this. */
    private static final long LONGEST_REST_NANOS = TimeUnit.SECONDS.toNanos(1);

    // The date stands outside too: a row that is found by it may have a later one before it is deleted. What is due is
    // found once, as a whole: a database may look for a plain IN (SELECT … LIMIT …) again and again, others each time.
    private static String expired(String table) {
        return """
                WITH due AS MATERIALIZED (
                     SELECT id FROM %1$s WHERE expires_at < $1 ORDER BY expires_at LIMIT $2 %2$s)
                DELETE FROM %1$s WHERE expires_at < $1 AND id %3$s (SELECT id FROM due)""".formatted(table, SqlDialect.SKIPPING_LOCKED, SqlDialect.IN_FOUND);
    }

    private static final String ACCESS_TOKENS = expired("oauth_access_tokens");
    private static final String DEVICE_CODES = expired("oauth_device_codes");
    private static final String ID_TOKENS = expired("oauth_id_tokens");
    private static final String AUTHORIZATION_REQUESTS = expired("oauth_authorization_requests");

    /**
     * A token is over for one of four reasons, each found by an index of its own; this is the fourth, in the roots that were
     * revoked between two. A root outlives its tokens here, so whoever began at the oldest with every slice would walk through all
     * roots that earlier slices have done.
     */
    private static final String REFRESH_TOKENS_OF_REVOKED_ROOTS =
            """
            WITH due AS MATERIALIZED (
                 SELECT t.id
                   FROM oauth_authorizations r JOIN oauth_refresh_tokens t ON t.authorization_id = r.id
                  WHERE r.revoked_at >= $1 AND r.revoked_at <= $3
                    AND (r.revoked_at, r.id) >= ($1, $2) AND (r.revoked_at, r.id) <= ($3, $4) AND t.expires_at IS NULL
                  LIMIT $5 %s)
            DELETE FROM oauth_refresh_tokens WHERE expires_at IS NULL AND id %s (SELECT id FROM due)""".formatted(SqlDialect.SKIPPING_LOCKED_T, SqlDialect.IN_FOUND);

    private static final String REVOKED_ROOTS = """
            SELECT id, revoked_at,
                   (SELECT 1 FROM oauth_refresh_tokens t
                     WHERE t.authorization_id = oauth_authorizations.id AND t.expires_at IS NULL LIMIT 1) IS NOT NULL
              FROM oauth_authorizations WHERE revoked_at < $1 AND (revoked_at, id) > ($2, $3)
             ORDER BY revoked_at, id LIMIT $4""";

    /** The other three. */
    private static final List<String> REFRESH_TOKENS = Stream.of(
                    "expires_at < $1 ORDER BY expires_at",
                    "expires_at IS NULL AND rotated_at < $1 ORDER BY rotated_at",
                    "expires_at IS NULL AND revoked_at < $1 ORDER BY revoked_at")
            .map(over -> """
                    WITH due AS MATERIALIZED (
                         SELECT id FROM oauth_refresh_tokens WHERE %s LIMIT $2 %s)
                    DELETE FROM oauth_refresh_tokens
                     WHERE (expires_at IS NULL OR expires_at < $1) AND id %s (SELECT id FROM due)""".formatted(over, SqlDialect.SKIPPING_LOCKED, SqlDialect.IN_FOUND))
            .toList();

    // Whether there is such a row is asked with a LIMIT and not by EXISTS: for many rows at once PostgreSQL may answer
    // that by reading the whole other table.

    /** A consumed code stays as long as its family has a live token: a replay of it must still be seen. */
    private static final String CODE_IS_DUE = """
            (consumed_at IS NULL
             OR (SELECT r.revoked_at FROM oauth_authorizations r
                  WHERE r.id = oauth_authorization_codes.authorization_id) IS NOT NULL
             OR (SELECT 1 FROM oauth_access_tokens a
                  WHERE a.authorization_id = oauth_authorization_codes.authorization_id
                    AND a.revoked_at IS NULL AND a.expires_at > $2 LIMIT 1) IS NULL
                AND (SELECT 1 FROM oauth_refresh_tokens f
                      WHERE f.authorization_id = oauth_authorization_codes.authorization_id
                        AND f.revoked_at IS NULL AND f.rotated_at IS NULL
                        AND (f.expires_at IS NULL OR f.expires_at > $2) LIMIT 1) IS NULL)""";

    private static final String EXPIRED_CODES = "SELECT id, expires_at, " + CODE_IS_DUE
            + " FROM oauth_authorization_codes WHERE expires_at < $1 AND (expires_at, id) > ($3, $4)"
            + " ORDER BY expires_at, id LIMIT $5";

    /** The sum keeps the planner from the index by time: with old statistics it takes that for as good as the key. */
    private static final String DELETE_CODES = "DELETE FROM oauth_authorization_codes WHERE id IN (" + slice(3)
            + ") AND expires_at + 0 < $1 AND " + CODE_IS_DUE;

    private static final String ROOT_IS_DUE = """
            ((SELECT 1 FROM oauth_authorization_codes c WHERE c.authorization_id = oauth_authorizations.id LIMIT 1) IS NULL
             AND (SELECT 1 FROM oauth_access_tokens a WHERE a.authorization_id = oauth_authorizations.id LIMIT 1) IS NULL
             AND (SELECT 1 FROM oauth_refresh_tokens f WHERE f.authorization_id = oauth_authorizations.id LIMIT 1) IS NULL
             AND (SELECT 1 FROM oauth_device_codes d WHERE d.authorization_id = oauth_authorizations.id LIMIT 1) IS NULL
             AND (SELECT 1 FROM oauth_id_tokens i WHERE i.authorization_id = oauth_authorizations.id LIMIT 1) IS NULL
             AND (SELECT 1 FROM oauth_authorization_requests q
                   WHERE q.authorization_id = oauth_authorizations.id LIMIT 1) IS NULL)""";

    private static final String OLD_ROOTS = "SELECT id, updated_at, " + ROOT_IS_DUE
            + " FROM oauth_authorizations WHERE updated_at < $1 AND (updated_at, id) > ($2, $3)"
            + " ORDER BY updated_at, id LIMIT $4";

    /** The sum as in {@link #DELETE_CODES}. */
    private static final String DELETE_ROOTS = "DELETE FROM oauth_authorizations WHERE id IN (" + slice(2)
            + ") AND updated_at + 0 < $1 AND " + ROOT_IS_DUE;

    /**
     * Where writers run side by side: roots that are to be deleted are locked first, by a statement of its own, so that the next
     * one sees the children of whoever had one locked. Else a child that is committed in between would go with its root. They are
     * locked in the order in which whoever revokes many of them locks them, too.
     */
    private static final String LOCK_ROOTS =
            "SELECT id FROM oauth_authorizations WHERE id IN (" + slice(1) + ") ORDER BY id FOR UPDATE";

    /** As roots: who consumes a code meanwhile gives its family a live token. */
    private static final String LOCK_CODES =
            "SELECT id FROM oauth_authorization_codes WHERE id IN (" + slice(1) + ") ORDER BY id FOR UPDATE";

    private static final String CONSENTS = """
            WITH due AS MATERIALIZED (
                 SELECT id FROM oauth_consents WHERE revoked_at < $1 ORDER BY revoked_at LIMIT $2 %s)
            DELETE FROM oauth_consents WHERE id %s (SELECT id FROM due)""".formatted(SqlDialect.SKIPPING_LOCKED, SqlDialect.IN_FOUND);

    private static final String THROTTLES = """
            WITH due AS MATERIALIZED (
                 SELECT throttle_key FROM oauth_throttles WHERE ends_at < $1 ORDER BY ends_at LIMIT $2 %s)
            DELETE FROM oauth_throttles WHERE ends_at < $1 AND throttle_key %s (SELECT throttle_key FROM due)""".formatted(SqlDialect.SKIPPING_LOCKED, SqlDialect.IN_FOUND);

    private final SqlTable<?> sender;
    private final long before;
    private final long at;
    private final RayId rayId;
    private final Map<TableName, Integer> deleted = new EnumMap<>(TableName.class);
    private int left;
    private long restNanos;

    SqlPurge(SqlTable<?> sender, Instant before, int limit, Attempt attempt, RayId rayId) {
        this.sender = sender;
        this.before = SqlValues.ceilingMillis(before);
        this.left = limit;
        this.at = attempt.at().toEpochMilli();
        this.rayId = rayId;
    }

    /** Children before roots, so that a family that is wholly over goes in one purge. */
    CompletableFuture<Purged> run() {
        CompletableFuture<Purged> result = new CompletableFuture<>();
        CompletableFuture<?> unused = deleteFrom(TableName.ACCESS_TOKENS, ACCESS_TOKENS)
                .thenCompose(done -> deleteFrom(TableName.REFRESH_TOKENS, REFRESH_TOKENS.get(0)))
                .thenCompose(done -> deleteFrom(TableName.REFRESH_TOKENS, REFRESH_TOKENS.get(1)))
                .thenCompose(done -> deleteFrom(TableName.REFRESH_TOKENS, REFRESH_TOKENS.get(2)))
                .thenCompose(done -> deleteOfRevokedRoots(Candidate.FIRST))
                .thenCompose(done -> lookThrough(new ExpiredCodes(), Candidate.FIRST))
                .thenCompose(done -> deleteFrom(TableName.DEVICE_CODES, DEVICE_CODES))
                .thenCompose(done -> deleteFrom(TableName.ID_TOKENS, ID_TOKENS))
                .thenCompose(done -> deleteFrom(TableName.AUTHORIZATION_REQUESTS, AUTHORIZATION_REQUESTS))
                .thenCompose(done -> lookThrough(new OldRoots(), Candidate.FIRST))
                .thenCompose(done -> deleteFrom(TableName.CONSENTS, CONSENTS))
                .thenCompose(done -> deleteFrom(TableName.THROTTLES, THROTTLES))
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        result.complete(purged());
                    } else {
                        result.completeExceptionally(inWords(failure));
                    }
                });
        return result;
    }

    private CompletableFuture<@Nullable Void> deleteFrom(TableName table, String text) {
        return deleteFrom(table, text, before);
    }

    /** Slice by slice, the size of which is the last parameter. */
    private CompletableFuture<@Nullable Void> deleteFrom(TableName table, String text, Object... which) {
        int slice = Math.min(SLICE, left);
        if (slice == 0) {
            return CompletableFuture.completedFuture(null);
        }
        Object[] parameters = Arrays.copyOf(which, which.length + 1);
        parameters[which.length] = (long) slice;
        return write(table, List.of(), SqlStep.any(text, parameters))
                .thenCompose(count ->
                        count < slice ? CompletableFuture.completedFuture(null) : deleteFrom(table, text, which));
    }

    /** Walks through the roots that were revoked, each slice of which may have more tokens than a slice has. */
    private CompletableFuture<@Nullable Void> deleteOfRevokedRoots(Candidate last) {
        if (left == 0) {
            return CompletableFuture.completedFuture(null);
        }
        SqlQuery<Candidate> next =
                SqlQuery.of(REVOKED_ROOTS, Candidate::map, before, last.millis(), last.id(), (long) SLICE);
        return rested(() -> sender.readPart(next, found -> found, rayId)).thenCompose(found -> {
            List<Candidate> due = found.stream().filter(Candidate::due).toList();
            CompletableFuture<@Nullable Void> done = due.isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : deleteFrom(
                            TableName.REFRESH_TOKENS,
                            REFRESH_TOKENS_OF_REVOKED_ROOTS,
                            due.get(0).millis(),
                            due.get(0).id(),
                            due.get(due.size() - 1).millis(),
                            due.get(due.size() - 1).id());
            return done.thenCompose(deleted -> found.size() < SLICE
                    ? CompletableFuture.completedFuture(null)
                    : deleteOfRevokedRoots(found.get(found.size() - 1)));
        });
    }

    /** A row of an age at which it may be due. */
    private record Candidate(String id, long millis, boolean due) {

        static final Candidate FIRST = new Candidate("", Long.MIN_VALUE, false);

        static Candidate map(SqlRow row) {
            SqlValues values = SqlValues.of(row);
            return new Candidate(values.text(), values.number(), values.flag());
        }
    }

    /** Where candidates come from, and how one is deleted if it is still due then. */
    private sealed interface Source permits ExpiredCodes, OldRoots {
        TableName table();

        SqlQuery<Candidate> after(Candidate last);

        SqlStep deletion(List<String> ids);

        /** What has to be run before the deletion, where writers run side by side. */
        String lock();
    }

    private final class ExpiredCodes implements Source {

        @Override
        public TableName table() {
            return TableName.AUTHORIZATION_CODES;
        }

        @Override
        public SqlQuery<Candidate> after(Candidate last) {
            return SqlQuery.of(EXPIRED_CODES, Candidate::map, before, at, last.millis(), last.id(), (long) SLICE);
        }

        @Override
        public SqlStep deletion(List<String> ids) {
            return SqlStep.any(DELETE_CODES, ofSlice(ids, before, at));
        }

        @Override
        public String lock() {
            return LOCK_CODES;
        }
    }

    private final class OldRoots implements Source {

        @Override
        public TableName table() {
            return TableName.AUTHORIZATIONS;
        }

        @Override
        public SqlQuery<Candidate> after(Candidate last) {
            return SqlQuery.of(OLD_ROOTS, Candidate::map, before, last.millis(), last.id(), (long) SLICE);
        }

        @Override
        public SqlStep deletion(List<String> ids) {
            return SqlStep.any(DELETE_ROOTS, ofSlice(ids, before)).writingRoots();
        }

        @Override
        public String lock() {
            return LOCK_ROOTS;
        }
    }

    private CompletableFuture<@Nullable Void> lookThrough(Source source, Candidate last) {
        if (left == 0) {
            return CompletableFuture.completedFuture(null);
        }
        SqlQuery<Candidate> next = source.after(last);
        return rested(() -> sender.readPart(next, found -> found, rayId)).thenCompose(found -> {
            List<String> due = found.stream()
                    .filter(Candidate::due)
                    .limit(left)
                    .map(Candidate::id)
                    .toList();
            CompletableFuture<Integer> gone = due.isEmpty()
                    ? CompletableFuture.completedFuture(0)
                    : write(source.table(), locks(source, due), source.deletion(due));
            return gone.thenCompose(count -> {
                if (count < due.size()) {
                    // Another purge was quicker with some of them: what is still there is looked for again.
                    return lookThrough(source, last);
                }
                return found.size() < SLICE
                        ? CompletableFuture.completedFuture(null)
                        : lookThrough(source, found.get(found.size() - 1));
            });
        });
    }

    private List<SqlStep> locks(Source source, List<String> ids) {
        return sender.dialect().locks() ? List.of(SqlStep.lock(source.lock(), ofSlice(ids))) : List.of();
    }

    /** Runs a deletion as one commit, and answers how many rows it deleted. */
    private CompletableFuture<Integer> write(TableName table, List<SqlStep> locks, SqlStep deletion) {
        List<SqlStep> steps = new ArrayList<>(locks);
        steps.add(deletion);
        SqlWrite<Integer> call = SqlTransition.unconditional(
                table, "purge", steps, done -> done.get(locks.size()).rows(), 0);
        return rested(() -> sender.writePart(call, rayId)).thenApply(count -> {
            deleted.merge(table, count, Integer::sum);
            left -= count;
            return count;
        });
    }

    /** As many parameters as a slice has rows, from that one on. */
    private static String slice(int first) {
        return IntStream.range(first, first + SLICE)
                .mapToObj(number -> "$" + number)
                .collect(Collectors.joining(", "));
    }

    /** Other parameters, then those of a {@link #slice}, some of them more than once where there are fewer rows. */
    private static Object[] ofSlice(List<String> ids, Object... others) {
        Object[] parameters = Arrays.copyOf(others, others.length + SLICE);
        for (int i = 0; i < SLICE; i++) {
            parameters[others.length + i] = ids.get(Math.min(i, ids.size() - 1));
        }
        return parameters;
    }

    /** Sends a part when the rest is over that the last one earned. */
    private <T> CompletableFuture<T> rested(Supplier<CompletableFuture<T>> part) {
        // Behind a rest this goes on in the pool of the JDK, which takes tasks also while the storage is being closed.
        Executor afterRest = CompletableFuture.delayedExecutor(restNanos, TimeUnit.NANOSECONDS);
        return CompletableFuture.supplyAsync(System::nanoTime, restNanos == 0 ? Runnable::run : afterRest)
                .thenCompose(begun -> part.get().whenComplete((done, failure) -> {
                    restNanos = Math.min(LONGEST_REST_NANOS, REST * (System.nanoTime() - begun));
                }));
    }

    private Purged purged() {
        return new Purged(
                deleted.getOrDefault(TableName.ACCESS_TOKENS, 0),
                deleted.getOrDefault(TableName.REFRESH_TOKENS, 0),
                deleted.getOrDefault(TableName.AUTHORIZATION_CODES, 0),
                deleted.getOrDefault(TableName.DEVICE_CODES, 0),
                deleted.getOrDefault(TableName.ID_TOKENS, 0),
                deleted.getOrDefault(TableName.AUTHORIZATION_REQUESTS, 0),
                deleted.getOrDefault(TableName.AUTHORIZATIONS, 0),
                deleted.getOrDefault(TableName.CONSENTS, 0),
                deleted.getOrDefault(TableName.THROTTLES, 0));
    }

    /** A failure after the first slices is not one of a call that was not applied. */
    private Throwable inWords(Throwable thrown) {
        Throwable failure =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        int total = purged().total();
        if (total > 0 && failure instanceof StorageUnavailableException unavailable) {
            String problem = unavailable.getMessage().replace(" (ray " + rayId + ")", "");
            return new StorageUnavailableException(
                    "the purge ended early, after " + total + " rows: " + problem, true, rayId);
        }
        return failure;
    }
}
