package io.qscope.sql;

import io.qscope.model.RayId;
import io.qscope.model.SigningKey;
import io.qscope.store.Page;
import io.qscope.store.SigningKeyTable;
import io.qscope.store.Slice;
import io.qscope.store.TableName;
import java.util.concurrent.CompletableFuture;

/** {@code oauth_signing_keys}. */
final class SqlSigningKeyTable extends SqlTable<SigningKey> implements SigningKeyTable {

    private static final String SELECT = """
            SELECT id, version, algorithm, public_key, sealed_key, retired_at, expires_at, created_at, created_by, updated_at,
                   updated_by
              FROM oauth_signing_keys
            """;

    private static final String BY_ID = SELECT + " WHERE id = $1";

    private static final String LIST = SELECT + " WHERE id > $1 ORDER BY id LIMIT $2";

    private static final String INSERT = """
            INSERT INTO oauth_signing_keys (id, version, algorithm, public_key, sealed_key, retired_at, expires_at,
                   created_at, created_by, updated_at, updated_by)
            VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""";

    private static final String UPDATE = """
            UPDATE oauth_signing_keys
               SET version = version + 1, sealed_key = $3, retired_at = $4, expires_at = $5, updated_at = $6,
                   updated_by = $7
             WHERE id = $1 AND version = $2 AND algorithm = $8 AND public_key = $9 AND created_at = $10
               AND created_by = $11""";

    private static final String DELETE = "DELETE FROM oauth_signing_keys WHERE id = $1";

    SqlSigningKeyTable(SqlEngine engine) {
        super(TableName.SIGNING_KEYS, engine);
    }

    @Override
    public CompletableFuture<Slice<SigningKey>> list(Page page, RayId rayId) {
        return readPage("list", (after, most) -> SqlQuery.of(LIST, SqlSigningKeyTable::map, after, most), page, rayId);
    }

    @Override
    SqlQuery<SigningKey> gettingById(String id) {
        return SqlQuery.of(BY_ID, SqlSigningKeyTable::map, id);
    }

    @Override
    SqlWrite<Void> inserting(SigningKey row) {
        SqlStep step = SqlStep.required(
                INSERT,
                row.id(),
                row.algorithm(),
                row.publicKey(),
                row.sealedKey(),
                SqlValues.millis(row.retiredAt()),
                SqlValues.millis(row.expiresAt()),
                SqlValues.millis(row.createdAt()),
                row.createdBy(),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy());
        return new SqlInsert<>(name, row, null, null, step, gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> updating(SigningKey row) {
        SqlStep step = SqlStep.required(
                UPDATE,
                row.id(),
                row.version(),
                row.sealedKey(),
                SqlValues.millis(row.retiredAt()),
                SqlValues.millis(row.expiresAt()),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy(),
                row.algorithm(),
                row.publicKey(),
                SqlValues.millis(row.createdAt()),
                row.createdBy());
        return new SqlUpdate<>(name, row, step, gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> deletingById(String id) {
        return deleting(id, DELETE, id);
    }

    private static SigningKey map(SqlRow row) {
        SqlValues values = SqlValues.of(row);
        return SigningKey.builder()
                .id(values.text())
                .version(values.number())
                .algorithm(values.text())
                .publicKey(values.text())
                .sealedKey(values.text())
                .retiredAt(values.optionalInstant())
                .expiresAt(values.optionalInstant())
                .createdAt(values.instant())
                .createdBy(values.text())
                .updatedAt(values.instant())
                .updatedBy(values.text())
                .build();
    }
}
