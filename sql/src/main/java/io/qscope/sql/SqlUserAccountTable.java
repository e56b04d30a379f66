package io.qscope.sql;

import io.qscope.model.EncodedSecret;
import io.qscope.model.RayId;
import io.qscope.model.UserAccount;
import io.qscope.store.Page;
import io.qscope.store.Slice;
import io.qscope.store.TableName;
import io.qscope.store.UserAccountTable;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** {@code oauth_users}. */
final class SqlUserAccountTable extends SqlTable<UserAccount> implements UserAccountTable {

    private static final String SELECT = """
            SELECT id, version, username, password, claims, disabled_at, created_at, created_by, updated_at, updated_by
              FROM oauth_users
            """;

    private static final String BY_ID = SELECT + " WHERE id = $1";

    private static final String BY_USERNAME = SELECT + " WHERE username = $1";

    private static final String LIST = SELECT + " WHERE id > $1 ORDER BY id LIMIT $2";

    private static final String INSERT = """
            INSERT INTO oauth_users (id, version, username, password, claims, disabled_at, created_at, created_by,
                   updated_at, updated_by)
            VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9)""";

    private static final String UPDATE = """
            UPDATE oauth_users
               SET version = version + 1, password = $3, claims = $4, disabled_at = $5, updated_at = $6, updated_by = $7
             WHERE id = $1 AND version = $2 AND username = $8 AND created_at = $9 AND created_by = $10""";

    private static final String DELETE = "DELETE FROM oauth_users WHERE id = $1";

    SqlUserAccountTable(SqlEngine engine) {
        super(TableName.USERS, engine);
    }

    @Override
    public CompletableFuture<Optional<UserAccount>> getByUsername(String username, RayId rayId) {
        Objects.requireNonNull(username, "username");
        return readOne("getByUsername", SqlQuery.of(BY_USERNAME, SqlUserAccountTable::map, username), rayId);
    }

    @Override
    public CompletableFuture<Slice<UserAccount>> list(Page page, RayId rayId) {
        return readPage("list", (after, most) -> SqlQuery.of(LIST, SqlUserAccountTable::map, after, most), page, rayId);
    }

    @Override
    SqlQuery<UserAccount> gettingById(String id) {
        return SqlQuery.of(BY_ID, SqlUserAccountTable::map, id);
    }

    @Override
    SqlWrite<Void> inserting(UserAccount row) {
        SqlStep step = SqlStep.required(
                INSERT,
                row.id(),
                row.username(),
                row.password().value(),
                Json.object(row.claims()),
                SqlValues.millis(row.disabledAt()),
                SqlValues.millis(row.createdAt()),
                row.createdBy(),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy());
        return new SqlInsert<>(name, row, null, null, step, gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> updating(UserAccount row) {
        SqlStep step = SqlStep.required(
                UPDATE,
                row.id(),
                row.version(),
                row.password().value(),
                Json.object(row.claims()),
                SqlValues.millis(row.disabledAt()),
                SqlValues.millis(row.updatedAt()),
                row.updatedBy(),
                row.username(),
                SqlValues.millis(row.createdAt()),
                row.createdBy());
        return new SqlUpdate<>(name, row, step, gettingById(row.id()));
    }

    @Override
    SqlWrite<Void> deletingById(String id) {
        return deleting(id, DELETE, id);
    }

    private static UserAccount map(SqlRow row) {
        SqlValues values = SqlValues.of(row);
        return UserAccount.builder()
                .id(values.text())
                .version(values.number())
                .username(values.text())
                .password(new EncodedSecret(values.text()))
                .claims(values.object())
                .disabledAt(values.optionalInstant())
                .createdAt(values.instant())
                .createdBy(values.text())
                .updatedAt(values.instant())
                .updatedBy(values.text())
                .build();
    }
}
