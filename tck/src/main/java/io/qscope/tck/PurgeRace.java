package io.qscope.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.qscope.model.Row;
import io.qscope.store.Attempt;
import io.qscope.store.BaseTable;
import io.qscope.store.Purged;
import io.qscope.store.Storage;
import io.qscope.store.ThrottleCount;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Purges with small limits on one overdue population, while others insert: each row is counted once, and nothing else is
 * deleted. A purge looks at all there is; so rounds have expiries of their own, each one's later than those before it.
 */
final class PurgeRace extends Race {

    /** Long before any other row of the kit expires, but for a few of all times that the first round deletes. */
    private static final Instant FIRST = Instant.parse("2001-01-01T00:00:00Z");

    private static final Duration WINDOW = Duration.ofSeconds(1);
    private static final int OVERDUE_OF_EACH = 12;
    private static final String PURGED = "PURGED ";

    @Override
    CompletableFuture<?> prepare(Round round) {
        CompletableFuture<?> first = round.number() == 0 ? cleared(round) : CompletableFuture.completedFuture(null);
        return first.thenCompose(clear -> round.storage().authorizations().insert(round.root(), round.ray("prepare")))
                .thenCompose(done -> {
                    List<CompletableFuture<?>> inserts = new ArrayList<>();
                    for (int i = 0; i < OVERDUE_OF_EACH; i++) {
                        inserts.addAll(insertsOf(round, own("overdue", i), expiry(round)));
                    }
                    return CompletableFuture.allOf(inserts.toArray(CompletableFuture<?>[]::new));
                });
    }

    @Override
    CompletableFuture<?> call(Round round, int caller) {
        if (isInserter(caller)) {
            String what = own("live", caller);
            return round.storage().accessTokens().insert(round.accessToken(what), round.ray(what));
        }
        return round.storage()
                .purge(before(round), limit(caller), round.attempt(own("purge", caller)), round.ray("purge"))
                .thenApply(purged -> PURGED + purged.total());
    }

    @Override
    void check(Round round, Answers answers) {
        int total = 0;
        for (int caller = 0; caller < CALLERS; caller++) {
            if (isInserter(caller)) {
                assertThat(answers.of(caller)).as("an insert").isEqualTo(Answers.DONE);
            } else {
                assertThat(answers.of(caller)).as("a purge").startsWith(PURGED);
                int deleted = Integer.parseInt(answers.of(caller).substring(PURGED.length()));
                assertThat(deleted).as("rows that one purge deleted").isBetween(0, limit(caller));
                total += deleted;
            }
        }
        List<TableCase<?>> tables = new ArrayList<>(TableCase.children());
        tables.add(TableCase.CONSENTS);
        assertThat(total).as("rows deleted in all").isEqualTo(OVERDUE_OF_EACH * (tables.size() + 1));
        for (TableCase<?> table : tables) {
            assertThat(storedBy(table.in(round.storage()), round, "overdue")).isEmpty();
        }
        for (int i = 0; i < OVERDUE_OF_EACH; i++) {
            // In a window of its own length, so that other runs of this race do not meet what it leaves.
            assertThat(ContractGroup.await(count(round, own("overdue", i), Duration.ofDays(1)))
                            .count())
                    .as("a count of a purged key, in what was its window")
                    .isEqualTo(1);
        }
        assertThat(storedBy(round.storage().accessTokens(), round, "live"))
                .as("callers whose row is stored")
                .isEqualTo(IntStream.range(0, CALLERS)
                        .filter(PurgeRace::isInserter)
                        .boxed()
                        .toList());
        assertThat(stored(round.storage().authorizations(), round, "root").version())
                .isEqualTo(1);
    }

    private static boolean isInserter(int caller) {
        // Both processes have some.
        return caller % 8 > 5;
    }

    /** Together twice as many as there are rows. */
    private static int limit(int caller) {
        return 1 + caller % 5;
    }

    private static Instant expiry(Round round) {
        return FIRST.plusSeconds(round.number());
    }

    private static Instant before(Round round) {
        return expiry(round).plusMillis(1);
    }

    /** Deletes what is older than this race's rows, which others may have left. */
    private static CompletableFuture<Purged> cleared(Round round) {
        return round.storage()
                .purge(FIRST, 100_000, round.attempt("clear"), round.ray("clear"))
                .thenCompose(
                        purged -> purged.total() == 0 ? CompletableFuture.completedFuture(purged) : cleared(round));
    }

    /** One row in each table whose rows expire or are over once they are revoked, and a counter. */
    private static List<CompletableFuture<?>> insertsOf(Round round, String what, Instant expiry) {
        Storage storage = round.storage();
        return List.of(
                insert(storage.accessTokens(), round.accessToken(what), expiry, round),
                insert(storage.refreshTokens(), round.refreshToken(what), expiry, round),
                insert(storage.authorizationCodes(), round.code(what), expiry, round),
                insert(storage.deviceCodes(), round.deviceCode(what), expiry, round),
                insert(storage.idTokens(), round.idToken(what), expiry, round),
                insert(storage.authorizationRequests(), round.request(what), expiry, round),
                storage.consents()
                        .insert(
                                round.consent(what).toBuilder()
                                        .revokedAt(expiry)
                                        .build(),
                                round.ray("prepare")),
                count(round, what, WINDOW));
    }

    /** Counts a key at the beginning of the window that ends with the round's expiry. */
    private static CompletableFuture<ThrottleCount> count(Round round, String what, Duration window) {
        Attempt attempt = Attempt.of(expiry(round).minus(WINDOW), what);
        return round.storage().throttles().count(round.digest(what), window, attempt, round.ray(what));
    }

    private static <T extends Row> CompletableFuture<?> insert(BaseTable<T> table, T row, Instant expiry, Round round) {
        return table.insert(RecordFields.with(row, "expiresAt", expiry), round.ray("prepare"));
    }
}
