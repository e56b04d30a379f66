package io.qscope.sql;

import io.qscope.engine.RowIdentity;
import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.model.Row;
import io.qscope.store.DuplicateRowException;
import io.qscope.store.InvalidRowException;
import io.qscope.store.MissingReferenceException;
import io.qscope.store.RevokedAuthorizationException;
import io.qscope.store.StorageException;
import io.qscope.store.TableName;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An insert. Its statement touches nothing when the row's root is revoked.
 *
 * @param clientId the client that the row refers to; none: it refers to none
 * @param authorizationId the root that the row refers to; none: it refers to none
 * @param stored reads what stands in the row's place
 */
record SqlInsert<T extends Row>(
        TableName table,
        T row,
        @Nullable String clientId,
        @Nullable String authorizationId,
        SqlStep step,
        SqlQuery<T> stored)
        implements SqlWrite<Void> {

    private static final String REFERENCES = """
            SELECT EXISTS (SELECT 1 FROM oauth_clients WHERE id = $1),
                   EXISTS (SELECT 1 FROM oauth_authorizations WHERE id = $2),
                   EXISTS (SELECT 1 FROM oauth_authorizations WHERE id = $2 AND revoked_at IS NOT NULL)""";

    private record References(boolean client, boolean authorization, boolean revoked) {

        static References map(SqlRow row) {
            SqlValues values = SqlValues.of(row);
            return new References(values.flag(), values.flag(), values.flag());
        }
    }

    @Override
    public String subject() {
        return row.id();
    }

    @Override
    public boolean isGuard() {
        return false;
    }

    @Override
    public List<String> references() {
        return Stream.of(clientId, authorizationId).filter(Objects::nonNull).toList();
    }

    @Override
    public SqlWrite<Void> sealed(UnaryOperator<AuditLog> seal) {
        return row instanceof AuditLog entry
                ? new SqlInsert<>(
                        table,
                        row,
                        clientId,
                        authorizationId,
                        SqlAuditLogTable.inPlace(step, seal.apply(entry)),
                        stored)
                : this;
    }

    @Override
    public List<SqlStep> steps() {
        return List.of(step);
    }

    @Override
    public @Nullable Void answer(List<SqlStep.Done> done) {
        return null;
    }

    @Override
    public List<SqlQuery<?>> questions() {
        return List.of(SqlQuery.of(REFERENCES, References::map, clientId, authorizationId), stored);
    }

    @Override
    public Explanation<Void> explain(List<List<?>> answers, RayId rayId) {
        References references = (References) answers.get(0).get(0);
        if (authorizationId != null && references.revoked()) {
            throw new RevokedAuthorizationException(table, row.id(), authorizationId, rayId);
        }
        return Explanation.runAgain();
    }

    @Override
    public StorageException refused(ConstraintViolation violation, List<List<?>> answers, RayId rayId) {
        if (violation.kind() == ConstraintViolation.Kind.FOREIGN_KEY) {
            References references = (References) answers.get(0).get(0);
            String field = references.client() ? "authorizationId" : "clientId";
            return new MissingReferenceException(table, row.id(), field, rayId);
        }
        return refusedKey(table, row.id(), !answers.get(1).isEmpty(), violation, rayId);
    }

    @Override
    public List<SqlQuery<?>> repeatQuestions() {
        return List.of(stored);
    }

    @Override
    public Explanation<Void> explainRepeat(List<List<?>> answers, RayId rayId) {
        boolean same = answers.get(0).stream().anyMatch(found -> RowIdentity.sameInsert(row, (Row) found));
        if (!same) {
            throw new InvalidRowException(
                    table,
                    row.id(),
                    "this attempt committed before, and this row was not among what it wrote or is gone;"
                            + " repeat with the same rows",
                    rayId);
        }
        return Explanation.of(null);
    }

    /** The error for a new row. Of several taken keys a database names any; the id comes first on every engine. */
    static StorageException refusedKey(
            TableName table, String id, boolean idIsTaken, ConstraintViolation violation, RayId rayId) {
        return violation.kind() == ConstraintViolation.Kind.UNIQUE && idIsTaken
                ? new DuplicateRowException(table, id, "id", rayId)
                : refusedKey(table, id, violation, rayId);
    }

    /** The error for a unique key or a check. */
    static StorageException refusedKey(TableName table, String id, ConstraintViolation violation, RayId rayId) {
        if (violation.kind() == ConstraintViolation.Kind.UNIQUE) {
            String key = violation.columns().isEmpty()
                    ? "key"
                    : violation.columns().stream().map(SqlInsert::fieldName).collect(Collectors.joining(" and "));
            return new DuplicateRowException(table, id, key, rayId);
        }
        return new InvalidRowException(table, id, "the schema refuses the row: " + violation.getMessage(), rayId);
    }

    /** {@code user_code} as the record spells it: {@code userCode}. */
    private static String fieldName(String column) {
        StringBuilder name = new StringBuilder();
        for (String word : column.split("_", -1)) {
            name.append(name.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return name.toString();
    }
}
