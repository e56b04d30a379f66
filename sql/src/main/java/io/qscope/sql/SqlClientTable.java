package io.qscope.sql;

import io.qscope.model.ClientConfig;
import io.qscope.model.OAuthClient;
import io.qscope.model.RayId;
import io.qscope.store.ClientTable;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import io.qscope.store.TableName;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** {@code oauth_clients}. */
final class SqlClientTable extends SqlTable<OAuthClient> implements ClientTable {

    private static final String SELECT = """
            SELECT id, version, client_identifier, client_secret, previous_client_secret,
                   previous_client_secret_expires_at, is_confidential, redirect_uris, grant_types, scopes, is_enabled,
                   config, created_at, created_by, updated_at, updated_by
              FROM oauth_clients
            """;

    private static final String BY_ID = SELECT + " WHERE id = $1";

    private static final String BY_CLIENT_IDENTIFIER = SELECT + " WHERE client_identifier = $1";

    private static final String LIST = SELECT + " WHERE id > $1 ORDER BY id LIMIT $2";

    private static final String INSERT = """
            INSERT INTO oauth_clients (id, version, client_identifier, client_secret, previous_client_secret,
                   previous_client_secret_expires_at, is_confidential, redirect_uris, grant_types, scopes, is_enabled,
                   config, created_at, created_by, updated_at, updated_by)
            VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)""";

    private static final String UPDATE = """
            UPDATE oauth_clients
               SET version = version + 1, client_identifier = $3, client_secret = $4, previous_client_secret = $5,
                   previous_client_secret_expires_at = $6, is_confidential = $7, redirect_uris = $8, grant_types = $9,
                   scopes = $10, is_enabled = $11, config = $12, updated_at = $13, updated_by = $14
             WHERE id = $1 AND version = $2 AND created_at = $15 AND created_by = $16""";

    private static final String DELETE = "DELETE FROM oauth_clients WHERE id = $1";

    SqlClientTable(SqlEngine engine) {
        super(TableName.CLIENTS, engine);
    }

    @Override
    public CompletableFuture<Optional<OAuthClient>> getByClientIdentifier(String clientIdentifier, RayId rayId) {
        Objects.requireNonNull(clientIdentifier, "clientIdentifier");
        return readOne(
                "getByClientIdentifier",
                SqlQuery.of(BY_CLIENT_IDENTIFIER, SqlClientTable::map, clientIdentifier),
                rayId);
    }

    @Override
    public CompletableFuture<Slice<OAuthClient>> list(Page page, RayId rayId) {
        return readPage("list", (after, most) -> SqlQuery.of(LIST, SqlClientTable::map, after, most), page, rayId);
    }

    @Override
    SqlQuery<OAuthClient> gettingById(String id) {
        return SqlQuery.of(BY_ID, SqlClientTable::map, id);
    }

    @Override
    SqlWrite<Void> inserting(OAuthClient row) {
        SqlStep step = SqlStep.required(
                INSERT,
                row.id(),
                row.clientIdentifier(),
                SqlValues.secret(row.clientSecret()),
                SqlValues.secret(row.previousClientSecret()),
                SqlValues.millis(row.previousClientSecretExpiresAt()),
                row.isConfidential(),
                Json.strings(row.redirectUris()),
                Json.strings(row.grantTypes()),
                SqlValues.scopes(row.scopes()),
                row.isEnabled(),
                ConfigJson.write(row.config()),
                SqlValues.millis(row.createdAt()),
                row.createdBy(),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy());
        return new SqlInsert<>(name, row, null, null, step, gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> updating(OAuthClient row) {
        SqlStep step = SqlStep.required(
                UPDATE,
                row.id(),
                row.version(),
                row.clientIdentifier(),
                SqlValues.secret(row.clientSecret()),
                SqlValues.secret(row.previousClientSecret()),
                SqlValues.millis(row.previousClientSecretExpiresAt()),
                row.isConfidential(),
                Json.strings(row.redirectUris()),
                Json.strings(row.grantTypes()),
                SqlValues.scopes(row.scopes()),
                row.isEnabled(),
                ConfigJson.write(row.config()),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy(),
                SqlValues.millis(row.createdAt()),
                row.createdBy());
        return new SqlUpdate<>(name, row, step, gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> deletingById(String id) {
        return deleting(id, SqlStep.ifThere(DELETE, id).writingRoots());
    }

    private static OAuthClient map(SqlRow row) {
        SqlValues values = SqlValues.of(row);
        return OAuthClient.builder()
                .id(values.text())
                .version(values.number())
                .clientIdentifier(values.text())
                .clientSecret(values.optionalSecret())
                .previousClientSecret(values.optionalSecret())
                .previousClientSecretExpiresAt(values.optionalInstant())
                .isConfidential(values.flag())
                .redirectUris(values.strings())
                .grantTypes(values.stringSet())
                .scopes(values.scopes())
                .isEnabled(values.flag())
                .config(config(values))
                .createdAt(values.instant())
                .createdBy(values.text())
                .updatedAt(values.instant())
                .updatedBy(values.text())
                .build();
    }

    private static ClientConfig config(SqlValues values) {
        return ConfigJson.read(values.object());
    }
}
