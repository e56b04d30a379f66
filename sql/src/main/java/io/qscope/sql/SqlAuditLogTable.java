package io.qscope.sql;

import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.store.AuditLogTable;
import io.qscope.store.InvalidRowException;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import io.qscope.store.TableName;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** {@code oauth_audit_log}: no statement here changes or deletes an entry. */
final class SqlAuditLogTable extends SqlTable<AuditLog> implements AuditLogTable {

    private static final String SELECT = """
            SELECT id, event_type, subject, client_id, user_id, ray_id, metadata, created_at, created_by, chain, sequence,
                   previous_hash, hash
              FROM oauth_audit_log
            """;

    private static final String BY_ID = SELECT + " WHERE id = $1";

    private static final String BY_RAY =
            SELECT + " WHERE ray_id = $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT $4";

    private static final String BY_TIME =
            SELECT + " WHERE created_at < $1 AND (created_at, id) > ($2, $3) ORDER BY created_at, id LIMIT $4";

    private static final String INSERT = """
            INSERT INTO oauth_audit_log (id, event_type, subject, client_id, user_id, ray_id, metadata, created_at,
                   created_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""";

    SqlAuditLogTable(SqlEngine engine) {
        super(TableName.AUDIT_LOG, engine);
    }

    @Override
    public CompletableFuture<Slice<AuditLog>> byRay(RayId wanted, Page page, RayId rayId) {
        String ray = wanted.value();
        Optional<Cursor> after = Cursor.parse(page.after(), Long.MIN_VALUE);
        if (after.isEmpty()) {
            return Cursor.malformed(rayId);
        }
        SqlQuery<AuditLog> query = SqlQuery.of(
                BY_RAY,
                SqlAuditLogTable::map,
                ray,
                after.get().millis(),
                after.get().id(),
                page.size() + 1L);
        return readPage(query, page, Cursor::after, rayId);
    }

    @Override
    public CompletableFuture<Slice<AuditLog>> page(Instant from, Instant until, Page page, RayId rayId) {
        Optional<Cursor> after = Cursor.parse(page.after(), ceilingMillis(from));
        if (after.isEmpty()) {
            return Cursor.malformed(rayId);
        }
        SqlQuery<AuditLog> query = SqlQuery.of(
                BY_TIME,
                SqlAuditLogTable::map,
                ceilingMillis(until),
                after.get().millis(),
                after.get().id(),
                page.size() + 1L);
        return readPage(query, page, Cursor::after, rayId);
    }

    @Override
    SqlQuery<AuditLog> gettingById(String id) {
        return SqlQuery.of(BY_ID, SqlAuditLogTable::map, id);
    }

    @Override
    SqlWrite<Void> inserting(AuditLog row) {
        SqlStep step = SqlStep.required(
                INSERT,
                row.id(),
                row.eventType(),
                row.subject(),
                row.clientId(),
                row.userId(),
                row.rayId().value(),
                Json.object(row.metadata()),
                SqlValues.millis(row.createdAt()),
                row.createdBy());
        return new SqlInsert<>(name, row, null, null, step, gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> updating(AuditLog row) {
        throw new UnsupportedOperationException(APPEND_ONLY);
    }

    @Override
    SqlWrite<Void> deletingById(String id) {
        throw new UnsupportedOperationException(APPEND_ONLY);
    }

    @Override
    @Deprecated
    public CompletableFuture<Void> update(AuditLog row, RayId rayId) {
        return AuditLogTable.super.update(row, rayId);
    }

    @Override
    @Deprecated
    public CompletableFuture<Void> deleteById(String id, RayId rayId) {
        return AuditLogTable.super.deleteById(id, rayId);
    }

    private static AuditLog map(SqlRow row) {
        SqlValues values = SqlValues.of(row);
        return AuditLog.builder()
                .id(values.text())
                .eventType(values.text())
                .subject(values.optionalText())
                .clientId(values.optionalText())
                .userId(values.optionalText())
                .rayId(new RayId(values.text()))
                .metadata(values.object())
                .createdAt(values.instant())
                .createdBy(values.text())
                .chain(values.optionalText())
                .sequence(values.optionalNumber())
                .previousHash(values.optionalText())
                .hash(values.optionalText())
                .build();
    }

    /** The first millisecond not before the instant; instants beyond what a long holds are beyond every row. */
    private static long ceilingMillis(Instant instant) {
        if (instant.getEpochSecond() > Long.MAX_VALUE / 1_000 - 1) {
            return Long.MAX_VALUE;
        }
        if (instant.getEpochSecond() < Long.MIN_VALUE / 1_000 + 1) {
            return Long.MIN_VALUE;
        }
        long millis = instant.toEpochMilli();
        return Instant.ofEpochMilli(millis).isBefore(instant) ? millis + 1 : millis;
    }

    /** Where a page ended, written as {@code millis:id}. The empty id comes before all others of its millisecond. */
    private record Cursor(long millis, String id) {

        static CompletableFuture<Slice<AuditLog>> malformed(RayId rayId) {
            return CompletableFuture.failedFuture(new InvalidRowException(
                    "the page does not start after what an earlier page of this listing ended with",
                    Objects.requireNonNull(rayId, "rayId")));
        }

        static String after(AuditLog last) {
            return last.createdAt().toEpochMilli() + ":" + last.id();
        }

        static Optional<Cursor> parse(@Nullable String after, long first) {
            if (after == null) {
                return Optional.of(new Cursor(first, ""));
            }
            int colon = after.indexOf(':');
            try {
                if (colon < 1) {
                    return Optional.empty();
                }
                long millis = Long.parseLong(after.substring(0, colon));
                return Optional.of(
                        millis < first ? new Cursor(first, "") : new Cursor(millis, after.substring(colon + 1)));
            } catch (NumberFormatException noCursor) {
                return Optional.empty();
            }
        }
    }
}
