package io.qscope.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.Authorization;
import io.qscope.model.RayId;
import io.qscope.model.Row;
import io.qscope.store.Attempt;
import io.qscope.store.Page;
import io.qscope.store.Purged;
import io.qscope.store.RevokeCount;
import io.qscope.store.RevokeOutcome;
import io.qscope.store.Slice;
import io.qscope.store.Storage;
import io.qscope.tck.Rows;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Revoking, listing and purging where there is much: what each touches, how long it takes, and how long others wait for it.
 * {@code -Dqscope.postgresql.families=200000} fills in a million access tokens; docs/postgresql.md has what was measured.
 */
@Tag("long")
@Timeout(3_600)
class SizeTest {

    private static final int FAMILIES = Integer.getInteger("qscope.postgresql.families", 4_000);

    private static final Instant BEFORE = Rows.EXPIRY;

    private static final String LARGE_CLIENT = "large";

    private static final String LARGE_ROOT = "root-large";

    /** Rows that a transaction deletes at most. */
    private static final int BATCH = 1_000;

    private static final int WRITERS = 8;

    private static final int PAGES = 20;

    private static String schema;
    private static Storage storage;

    @BeforeAll
    static void fill() throws Exception {
        schema = TestServer.newSchema();
        long began = System.nanoTime();
        long madeLongAgo = BEFORE.toEpochMilli() - 10_000;
        in(schema, Filling.living(FAMILIES));
        in(schema, Filling.of(FAMILIES, BEFORE.toEpochMilli() - 1, madeLongAgo, 2));
        in(schema, Filling.large(FAMILIES / 2));
        System.out.printf(
                Locale.ROOT,
                "%d families filled in, with %s rows, in %d ms%n",
                2 * FAMILIES,
                rows(),
                millisSince(began));
        storage = Storage.open(TestServer.location(schema) + "&call_timeout=600");
    }

    @AfterAll
    static void close() {
        storage.close();
    }

    private static void in(String schema, String statements) throws Exception {
        TestServer.run("SET search_path = " + schema + ";" + statements);
    }

    private static long ask(String query) throws Exception {
        return Long.parseLong(String.valueOf(TestServer.ask(query.replace("oauth_", schema + ".oauth_"))));
    }

    private static long rows() throws Exception {
        return ask("SELECT (SELECT count(*) FROM oauth_access_tokens) + (SELECT count(*) FROM oauth_refresh_tokens)"
                + " + (SELECT count(*) FROM oauth_authorization_codes) + (SELECT count(*) FROM oauth_device_codes)"
                + " + (SELECT count(*) FROM oauth_authorizations) + (SELECT count(*) FROM oauth_consents)"
                + " + (SELECT count(*) FROM oauth_throttles) + (SELECT count(*) FROM oauth_id_tokens)"
                + " + (SELECT count(*) FROM oauth_authorization_requests)");
    }

    @Test
    void aFamilyIsOneRowWhateverItsSize() throws Exception {
        long[] nanos = new long[2];
        String[] roots = {"root-1-000000001", LARGE_ROOT};
        for (int i = 0; i < roots.length; i++) {
            long began = System.nanoTime();
            var outcome = storage.authorizations()
                    .revoke(roots[i], attempt("family-" + i), RayId.random())
                    .join();
            nanos[i] = System.nanoTime() - began;
            assertThat(outcome).isInstanceOf(RevokeOutcome.Revoked.class);
            assertThat(written(i)).as("rows written").isEqualTo(1);
        }
        System.out.printf(
                Locale.ROOT,
                "a family of 5 tokens is revoked in %.1f ms, one of %d in %.1f ms: one row each%n",
                nanos[0] / 1e6,
                FAMILIES / 20,
                nanos[1] / 1e6);
    }

    /** The rows of any table that the transaction wrote which revoked the family. */
    private static long written(int family) throws Exception {
        String by = " WHERE xmin::text = (SELECT xmin::text FROM oauth_authorizations WHERE updated_by = 'family-"
                + family + "')";
        return ask("SELECT (SELECT count(*) FROM oauth_authorizations" + by
                + ") + (SELECT count(*) FROM oauth_access_tokens" + by
                + ") + (SELECT count(*) FROM oauth_refresh_tokens" + by + ")");
    }

    @Test
    void aClientIsRevokedInOneTransactionAndOthersGoOn() throws Exception {
        long living = ask("SELECT count(*) FROM oauth_authorizations WHERE client_id = 'large' AND revoked_at IS NULL");
        Authorization own = root("root-large" + String.format(Locale.ROOT, "%09d", FAMILIES / 2 - 1));
        Authorization another = root("root-1-000000777");
        try (Wire wire = new Wire(TestServer.port());
                Storage revoking = Storage.open(TestServer.location(wire.port(), schema) + "&call_timeout=600")) {
            int before = wire.transactions();
            SizeWriters ofOthers = SizeWriters.started(TestServer.location(schema), another, WRITERS);
            long began = System.nanoTime();
            CompletableFuture<RevokeCount> call =
                    revoking.authorizations().revokeByClient(LARGE_CLIENT, attempt("client"), RayId.random());
            long waited = longestInsert(own, call);
            RevokeCount count = call.get(10, TimeUnit.MINUTES);
            long millis = millisSince(began);
            SizeWriters.Waits others = ofOthers.finished();

            assertThat(count.authorizations()).isEqualTo((int) living);
            assertThat(wire.transactions() - before).isEqualTo(1);
            assertThat(others.failures()).isZero();
            System.out.printf(
                    Locale.ROOT,
                    "a client with %d families is revoked in %d ms; an insert below one of them waits %d ms for it at the most,"
                            + " one below another client's %s%n",
                    living,
                    millis,
                    waited,
                    others);
        }
    }

    private Authorization root(String id) {
        return storage.authorizations().getById(id, RayId.random()).join().orElseThrow();
    }

    /** Inserts below a root that is being revoked, until it is. */
    private static long longestInsert(Authorization root, CompletableFuture<?> until) {
        Rows rows = new Rows(storage, new java.util.Random());
        long longest = 0;
        while (!until.isDone()) {
            long began = System.nanoTime();
            storage.accessTokens()
                    .insert(rows.accessToken(root), RayId.random())
                    .handle((done, refused) -> null)
                    .join();
            longest = Math.max(longest, millisSince(began));
        }
        return longest;
    }

    @Test
    void theLastPageIsAsNearAsTheFirst() {
        // Once for what a first call of its kind costs this process.
        walk(page -> storage.authorizations().listByClient(LARGE_CLIENT, page, RayId.random()));
        List<Long> roots = walk(page -> storage.authorizations().listByClient(LARGE_CLIENT, page, RayId.random()));
        List<Long> entries = walk(page ->
                storage.auditLog().page(Instant.EPOCH, Instant.parse("2030-01-01T00:00:00Z"), page, RayId.random()));
        tell("a client's authorizations", roots);
        tell("the audit log", entries);
    }

    private static <R extends Row> List<Long> walk(Function<Page, CompletableFuture<Slice<R>>> list) {
        List<Long> nanos = new ArrayList<>();
        Page page = Page.first(25);
        while (true) {
            long began = System.nanoTime();
            Slice<R> slice = list.apply(page).join();
            nanos.add(System.nanoTime() - began);
            String next = slice.next();
            if (next == null) {
                return nanos;
            }
            page = new Page(next, page.size());
        }
    }

    private static void tell(String what, List<Long> nanos) {
        assertThat(nanos).hasSizeGreaterThan(2 * PAGES);
        // The first two warm the caches, and the last may be a short one.
        double first = median(nanos.subList(2, 2 + PAGES)) / 1e6;
        double last = median(nanos.subList(nanos.size() - 1 - PAGES, nanos.size() - 1)) / 1e6;
        System.out.printf(
                Locale.ROOT,
                "%s, %d pages of 25: the first %d after two take %.2f ms each, the last %d %.2f ms (median)%n",
                what,
                nanos.size(),
                PAGES,
                first,
                PAGES,
                last);
        assertThat(last).as("ms a page at the end").isLessThan(5 * first + 5);
        assertThat(first).as("ms a page at the beginning").isLessThan(5 * last + 5);
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    @Test
    void twoPurgesAtOnceDeleteEachRowOnceInBatchesBesideWriters() throws Exception {
        TestServer.run("DROP ROLE IF EXISTS purger; CREATE ROLE purger LOGIN SUPERUSER");
        in(schema, SizeBatches.noted(schema));
        String purger = TestServer.location(schema).replace("postgres@", "purger@") + "&call_timeout=600";
        Authorization root = root("root-1-000000778");
        SizeWriters alone = SizeWriters.started(TestServer.location(schema), root, WRITERS);
        alone.awaitWrites(FAMILIES / 4);
        SizeWriters.Waits without = alone.finished();

        long due = rows();
        SizeWriters writers = SizeWriters.started(TestServer.location(schema), root, WRITERS);
        long began = System.nanoTime();
        List<Purged> purged = new ArrayList<>();
        long longest;
        try (Storage first = Storage.open(purger);
                Storage second = Storage.open(purger)) {
            CompletableFuture<List<Purged>> one = purgeAll(first, new ArrayList<>());
            CompletableFuture<List<Purged>> other = purgeAll(second, new ArrayList<>());
            longest = longestTransaction(CompletableFuture.allOf(one, other));
            purged.addAll(one.join());
            purged.addAll(other.join());
        }
        long millis = millisSince(began);
        SizeWriters.Waits beside = writers.finished();
        long gone = due + beside.writes() - rows();

        assertThat(purged.stream().mapToLong(Purged::total).sum())
                .as("counted, as gone")
                .isEqualTo(gone);
        assertThat(ask(SizeBatches.MISSED.formatted(BEFORE.toEpochMilli())))
                .as("missed")
                .isZero();
        assertThat(ask("SELECT max(rows) FROM (SELECT sum(rows) AS rows FROM oauth_batches GROUP BY tx) t"))
                .as("rows a transaction")
                .isLessThanOrEqualTo(BATCH);
        assertThat(beside.failures()).isZero();
        System.out.printf(
                Locale.ROOT,
                "%d rows purged by two at once in %d ms, %d a second; the longest transaction %d ms; an insert beside it %s,"
                        + " without it %s%n",
                gone,
                millis,
                gone * 1_000 / millis,
                longest,
                beside,
                without);
    }

    /** As {@code qscope purge} does. */
    private static CompletableFuture<List<Purged>> purgeAll(Storage by, List<Purged> soFar) {
        return by.purge(BEFORE, 10_000, attempt("purge"), RayId.random()).thenCompose(purged -> {
            soFar.add(purged);
            return purged.total() < 10_000 ? CompletableFuture.completedFuture(soFar) : purgeAll(by, soFar);
        });
    }

    /** In milliseconds, looked at all the time. */
    private static long longestTransaction(CompletableFuture<?> until) throws Exception {
        long longest = 0;
        try (Connection connection = TestServer.connect();
                Statement statement = connection.createStatement()) {
            while (!until.isDone()) {
                try (var found = statement.executeQuery(
                        "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)"
                                + " * 1000), 0)::bigint FROM pg_stat_activity WHERE usename = 'purger' AND xact_start IS NOT NULL")) {
                    found.next();
                    longest = Math.max(longest, found.getLong(1));
                }
                TimeUnit.MILLISECONDS.sleep(2);
            }
        }
        return longest;
    }

    private static long millisSince(long began) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    private static Attempt attempt(String by) {
        return Attempt.of(Rows.NOW.plusSeconds(10), by);
    }
}
