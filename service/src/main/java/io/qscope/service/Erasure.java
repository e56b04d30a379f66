package io.qscope.service;

import io.qscope.audit.AuditEvent;
import io.qscope.model.RayId;
import io.qscope.model.Row;
import io.qscope.model.UserAccount;
import io.qscope.store.Attempt;
import io.qscope.store.Page;
import io.qscope.store.Purged;
import io.qscope.store.Slice;
import io.qscope.store.TableName;
import io.qscope.store.UnitOutcome;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongConsumer;

/** Deletes rows, many at a time, and says so in the audit log. */
final class Erasure {

    static final int TOGETHER = 100;

    /** Most commits for the rows of a user in one table: who is granted faster than this deletes would keep it busy for ever. */
    static final int MOST_ROUNDS = 200;

    private static final int PURGED_TOGETHER = 10_000;

    private final ServiceContext context;

    Erasure(ServiceContext context) {
        this.context = context;
    }

    /** Deletes a user's account, by which they could be granted more; their authorizations with all that descends from them; their consents. */
    CompletableFuture<Integer> ofUser(String userId, String by, RayId ray) {
        return delete(TableName.USERS, page -> account(userId, ray), userId, by, MOST_ROUNDS, ray)
                .thenCompose(accounts -> delete(
                                TableName.AUTHORIZATIONS,
                                page -> context.storage.authorizations().listByUser(userId, page, ray),
                                userId,
                                by,
                                MOST_ROUNDS,
                                ray)
                        .thenApply(roots -> accounts + roots))
                .thenCompose(before -> delete(
                                TableName.CONSENTS,
                                page -> context.storage.consents().listByUser(userId, page, ray),
                                userId,
                                by,
                                MOST_ROUNDS,
                                ray)
                        .thenApply(consents -> before + consents));
    }

    private CompletableFuture<Slice<UserAccount>> account(String userId, RayId ray) {
        return context.storage
                .users()
                .getByUsername(userId, ray)
                .thenApply(found -> new Slice<>(found.stream().toList(), null));
    }

    /** Deletes what a listing has, a page at a time; the next page is always the first of what is left. */
    private <T extends Row> CompletableFuture<Integer> delete(
            TableName table,
            Function<Page, CompletableFuture<Slice<T>>> listing,
            String userId,
            String by,
            int rounds,
            RayId ray) {
        return listing.apply(Page.first(TOGETHER)).thenCompose(slice -> {
            List<T> rows = slice.rows();
            if (rows.isEmpty()) {
                return CompletableFuture.completedFuture(0);
            }
            if (rounds == 0) {
                throw new Refusal(
                        ServiceError.CONFLICT,
                        "not finished: much was deleted, and there is still more in " + table + "; run it again");
            }
            Attempt attempt = context.attempt(by);
            Map<String, Object> told = Map.of("table", table.toString(), "rows", rows.size());
            return context.units
                    .unguarded(
                            attempt,
                            unit -> rows.forEach(row -> unit.deleteById(table, row.id())),
                            context.entry(AuditEvent.USER_ERASED, null, null, userId, told, attempt, ray),
                            ray)
                    .thenCompose(done -> delete(table, listing, userId, by, rounds - 1, ray))
                    .thenApply(more -> more + rows.size());
        });
    }

    /** Purges until nothing is left, and tells of each step, so that one that fails later leaves no gap in the log. */
    CompletableFuture<Purged> expired(Instant before, String by, LongConsumer progress, RayId ray) {
        return purge(before, by, new Purged(0, 0, 0, 0, 0, 0, 0, 0, 0), progress, ray);
    }

    private CompletableFuture<Purged> purge(Instant before, String by, Purged soFar, LongConsumer progress, RayId ray) {
        return context.storage
                .purge(before, PURGED_TOGETHER, context.attempt(by), ray)
                .thenCompose(purged -> tell(before, by, purged, ray).thenCompose(told -> {
                    Purged all = sum(soFar, purged);
                    progress.accept(all.total());
                    return purged.total() < PURGED_TOGETHER
                            ? CompletableFuture.completedFuture(all)
                            : purge(before, by, all, progress, ray);
                }));
    }

    private CompletableFuture<UnitOutcome> tell(Instant before, String by, Purged purged, RayId ray) {
        if (purged.total() == 0) {
            return CompletableFuture.completedFuture(new UnitOutcome.Committed(List.of()));
        }
        Attempt attempt = context.attempt(by);
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("before", before.toString());
        told.put("access_tokens", purged.accessTokens());
        told.put("refresh_tokens", purged.refreshTokens());
        told.put("authorization_codes", purged.authorizationCodes());
        told.put("device_codes", purged.deviceCodes());
        told.put("id_tokens", purged.idTokens());
        told.put("authorization_requests", purged.authorizationRequests());
        told.put("authorizations", purged.authorizations());
        told.put("consents", purged.consents());
        told.put("throttles", purged.throttles());
        return context.units.unguarded(
                attempt, unit -> {}, context.entry(AuditEvent.PURGED, null, null, null, told, attempt, ray), ray);
    }

    private static Purged sum(Purged a, Purged b) {
        return new Purged(
                a.accessTokens() + b.accessTokens(),
                a.refreshTokens() + b.refreshTokens(),
                a.authorizationCodes() + b.authorizationCodes(),
                a.deviceCodes() + b.deviceCodes(),
                a.idTokens() + b.idTokens(),
                a.authorizationRequests() + b.authorizationRequests(),
                a.authorizations() + b.authorizations(),
                a.consents() + b.consents(),
                a.throttles() + b.throttles());
    }
}
