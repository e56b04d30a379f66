package io.qscope.sql;

import io.qscope.engine.Cursor;
import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.store.AuditLogTable;
import io.qscope.store.InvalidRowException;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import io.qscope.store.TableName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

    private static final String BY_CHAIN = SELECT + """
             WHERE chain IS NOT NULL AND sequence IS NOT NULL AND (chain, sequence, id) > ($1, $2, $3)
             ORDER BY chain, sequence, id LIMIT $4""";

    private static final String INSERT = """
            INSERT INTO oauth_audit_log (id, event_type, subject, client_id, user_id, ray_id, metadata, created_at,
                   created_by, chain, sequence, previous_hash, hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)""";

    /** How many of the parameters are the entry's own, before those of its place in a chain. */
    private static final int OWN = 9;

    SqlAuditLogTable(SqlEngine engine) {
        super(TableName.AUDIT_LOG, engine);
    }

    @Override
    public CompletableFuture<Slice<AuditLog>> byRay(RayId wanted, Page page, RayId rayId) {
        return readPage("byRay", BY_RAY, wanted.value(), Instant.EPOCH, page, rayId);
    }

    @Override
    public CompletableFuture<Slice<AuditLog>> page(Instant from, Instant until, Page page, RayId rayId) {
        return readPage(
                "page",
                BY_TIME,
                SqlValues.ceilingMillis(until),
                Instant.ofEpochMilli(SqlValues.ceilingMillis(from)),
                page,
                rayId);
    }

    @Override
    public CompletableFuture<Slice<AuditLog>> chained(Page page, RayId rayId) {
        Cursor.InChain start;
        try {
            start = Cursor.byChain(page, Objects.requireNonNull(rayId, "rayId"));
        } catch (InvalidRowException refused) {
            return refused("chained", refused, rayId);
        }
        SqlQuery<AuditLog> query = SqlQuery.of(
                BY_CHAIN, SqlAuditLogTable::map, start.chain(), start.sequence(), start.id(), page.size() + 1L);
        return read("chained", query, rows -> slice(rows, page, SqlAuditLogTable::placeInChain), rayId);
    }

    private static String placeInChain(AuditLog last) {
        return Cursor.ofChain(new Cursor.InChain(
                Objects.requireNonNull(last.chain()), Objects.requireNonNull(last.sequence()), last.id()));
    }

    private CompletableFuture<Slice<AuditLog>> readPage(
            String operation, String text, Object wanted, Instant from, Page page, RayId rayId) {
        Cursor start;
        try {
            start = Cursor.byTime(page, from, Objects.requireNonNull(rayId, "rayId"));
        } catch (InvalidRowException refused) {
            return refused(operation, refused, rayId);
        }
        SqlQuery<AuditLog> query = SqlQuery.of(
                text, SqlAuditLogTable::map, wanted, start.at().toEpochMilli(), start.id(), page.size() + 1L);
        return read(
                operation, query, rows -> slice(rows, page, last -> Cursor.ofTime(last.createdAt(), last.id())), rayId);
    }

    @Override
    SqlQuery<AuditLog> gettingById(String id) {
        return SqlQuery.of(BY_ID, SqlAuditLogTable::map, id);
    }

    @Override
    SqlWrite<Void> inserting(AuditLog given) {
        AuditLog row = withoutPlace(given);
        return new SqlInsert<>(name, row, null, null, insertingInPlace(row), gettingById(row.id()));
    }

    /** A place in a chain is for the store to give, whatever the caller says. */
    private static AuditLog withoutPlace(AuditLog row) {
        boolean hasNone =
                row.chain() == null && row.sequence() == null && row.previousHash() == null && row.hash() == null;
        return hasNone
                ? row
                : row.toBuilder()
                        .chain(null)
                        .sequence(null)
                        .previousHash(null)
                        .hash(null)
                        .build();
    }

    /** The insert of an entry with the place that it has. */
    static SqlStep insertingInPlace(AuditLog row) {
        return SqlStep.required(
                INSERT,
                row.id(),
                row.eventType(),
                row.subject(),
                row.clientId(),
                row.userId(),
                row.rayId().value(),
                Json.object(row.metadata()),
                SqlValues.millis(row.createdAt()),
                row.createdBy(),
                row.chain(),
                row.sequence(),
                row.previousHash(),
                row.hash());
    }

    /** The insert of an entry, with its place now that it has one; the rest of it was made ready where it was called. */
    static SqlStep inPlace(SqlStep inserting, AuditLog sealed) {
        List<@Nullable Object> parameters =
                new ArrayList<>(inserting.parameters().subList(0, OWN));
        parameters.add(sealed.chain());
        parameters.add(sealed.sequence());
        parameters.add(sealed.previousHash());
        parameters.add(sealed.hash());
        return SqlStep.required(inserting.text(), parameters.toArray());
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
        return refused("update", new UnsupportedOperationException(APPEND_ONLY), rayId);
    }

    @Override
    @Deprecated
    public CompletableFuture<Void> deleteById(String id, RayId rayId) {
        return refused("deleteById", new UnsupportedOperationException(APPEND_ONLY), rayId);
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
                .metadata(values.evidence())
                .createdAt(values.instant())
                .createdBy(values.text())
                .chain(values.optionalText())
                .sequence(values.optionalNumber())
                .previousHash(values.optionalText())
                .hash(values.optionalText())
                .build();
    }
}
