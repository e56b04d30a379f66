package io.qscope.sql;

import io.qscope.engine.RowIdentity;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.Grace;
import io.qscope.store.InvalidRowException;
import io.qscope.store.RotateOutcome;
import io.qscope.store.StorageException;
import io.qscope.store.TableName;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A rotation: the presented token is marked, for the first time or within its grace, and its successor inserted. */
record SqlRotation(TokenDigest token, RefreshToken successor, Grace grace, Attempt attempt, List<SqlStep> steps)
        implements SqlWrite<RotateOutcome> {

    private static final String MARK = """
            UPDATE oauth_refresh_tokens
               SET version = version + 1,
                   grace_uses = CASE WHEN rotated_at IS NULL THEN grace_uses ELSE grace_uses + 1 END,
                   rotated_attempt = CASE WHEN rotated_at IS NULL THEN $2 ELSE rotated_attempt END,
                   rotated_at = CASE WHEN rotated_at IS NULL THEN $3 ELSE rotated_at END,
                   updated_at = $3, updated_by = $4
             WHERE token = $1 AND id = $5 AND client_id = $6 AND authorization_id = $7 AND revoked_at IS NULL
               AND (expires_at IS NULL OR expires_at > $3)
               AND (rotated_at IS NULL
                    OR (rotated_at + $8 >= $3 AND grace_uses < $9
                        AND NOT EXISTS (SELECT 1
                                          FROM oauth_refresh_tokens s
                                         WHERE s.predecessor_id = $5
                                           AND (s.rotated_at IS NOT NULL OR s.made_attempt = $2))))
               AND\s""" + SqlTable.ROOT_IS_LIVE + """

            RETURNING id, version, token, token_key_id, client_id, user_id, authorization_id, predecessor_id, scopes,
                      expires_at, rotated_at, grace_uses, revoked_at, metadata, NULL, created_at, created_by,
                      updated_at, updated_by, rotated_attempt""";

    private static final String PRESENTED = "SELECT " + SqlRefreshTokenTable.COLUMNS + ", t.rotated_attempt"
            + SqlRefreshTokenTable.FROM + " WHERE t.token = $1";

    private static final String MADE_BY_THIS_ATTEMPT = "SELECT " + SqlRefreshTokenTable.COLUMNS
            + SqlRefreshTokenTable.FROM
            + " WHERE t.predecessor_id = (SELECT p.id FROM oauth_refresh_tokens p WHERE p.token = $1)"
            + " AND t.made_attempt = $2";

    private static final String A_SUCCESSOR_WAS_ROTATED = """
            SELECT EXISTS (SELECT 1
                             FROM oauth_refresh_tokens p JOIN oauth_refresh_tokens s ON s.predecessor_id = p.id
                            WHERE p.token = $1 AND s.rotated_at IS NOT NULL)""";

    private static final String SUCCESSOR_ID_IS_TAKEN =
            "SELECT EXISTS (SELECT 1 FROM oauth_refresh_tokens WHERE id = $1)";

    private record Presented(RefreshToken row, @Nullable String rotatedAttempt) {

        static Presented map(SqlRow row) {
            SqlValues values = SqlValues.of(row);
            return new Presented(SqlRefreshTokenTable.read(values), values.optionalText());
        }
    }

    static SqlRotation of(TokenDigest token, RefreshToken successor, Grace grace, Attempt attempt) {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(successor, "successor");
        Objects.requireNonNull(grace, "grace");
        Objects.requireNonNull(attempt, "attempt");
        SqlStep mark = SqlStep.returning(
                MARK,
                Presented::map,
                token.bytes(),
                attempt.id(),
                SqlValues.millis(attempt.at()),
                attempt.by(),
                successor.predecessorId(),
                successor.clientId(),
                successor.authorizationId(),
                grace.window().toMillis(),
                (long) grace.maxUses());
        List<SqlStep> steps = List.of(mark, SqlRefreshTokenTable.insertStep(successor, attempt));
        return new SqlRotation(token, successor, grace, attempt, steps);
    }

    @Override
    public TableName table() {
        return TableName.REFRESH_TOKENS;
    }

    @Override
    public String subject() {
        return successor.id();
    }

    @Override
    public List<String> references() {
        return List.of(successor.clientId(), successor.authorizationId());
    }

    @Override
    public boolean isGuard() {
        return true;
    }

    @Override
    public RotateOutcome answer(List<SqlStep.Done> done) {
        Presented previous = SqlTable.returned(Presented.class, done);
        RefreshToken stored =
                successor.toBuilder().version(1).authorizationRevokedAt(null).build();
        return won(previous, stored);
    }

    private RotateOutcome won(Presented previous, RefreshToken stored) {
        return attempt.id().equals(previous.rotatedAttempt())
                ? new RotateOutcome.Rotated(previous.row(), stored)
                : new RotateOutcome.RotatedAgain(previous.row(), stored);
    }

    @Override
    public List<SqlQuery<?>> questions() {
        byte[] key = token.bytes();
        return List.of(
                SqlQuery.of(PRESENTED, Presented::map, key),
                SqlQuery.of(MADE_BY_THIS_ATTEMPT, SqlRefreshTokenTable::map, key, attempt.id()),
                SqlQuery.of(A_SUCCESSOR_WAS_ROTATED, row -> SqlValues.of(row).flag(), key),
                SqlQuery.of(SUCCESSOR_ID_IS_TAKEN, row -> SqlValues.of(row).flag(), successor.id()));
    }

    @Override
    public Explanation<RotateOutcome> explain(List<List<?>> answers, RayId rayId) {
        if (answers.get(0).isEmpty()) {
            return Explanation.of(new RotateOutcome.Unknown());
        }
        Presented previous = (Presented) answers.get(0).get(0);
        if (!answers.get(1).isEmpty()) {
            RefreshToken made = (RefreshToken) answers.get(1).get(0);
            if (!RowIdentity.sameInsert(successor, made)) {
                throw invalid("this attempt rotated before, with another successor; repeat with the same row", rayId);
            }
            return Explanation.of(won(previous, made));
        }
        if (!descends(previous.row())) {
            throw invalid(
                    "a successor has the client and the authorization of its predecessor, and names its id", rayId);
        }
        return judge(previous.row(), (Boolean) answers.get(2).get(0));
    }

    private Explanation<RotateOutcome> judge(RefreshToken previous, boolean successorRotated) {
        if (previous.revokedAt() != null || previous.authorizationRevokedAt() != null) {
            return Explanation.of(new RotateOutcome.Revoked(previous));
        }
        if (previous.rotatedAt() != null) {
            boolean inGrace = !attempt.at().isAfter(previous.rotatedAt().plus(grace.window()))
                    && previous.graceUses() < grace.maxUses()
                    && !successorRotated;
            if (!inGrace) {
                return Explanation.of(new RotateOutcome.AlreadyRotated(previous));
            }
        }
        boolean expired = previous.expiresAt() != null && !attempt.at().isBefore(previous.expiresAt());
        return expired ? Explanation.of(new RotateOutcome.Expired(previous)) : Explanation.runAgain();
    }

    private boolean descends(RefreshToken previous) {
        return previous.id().equals(successor.predecessorId())
                && previous.clientId().equals(successor.clientId())
                && previous.authorizationId().equals(successor.authorizationId());
    }

    private InvalidRowException invalid(String problem, RayId rayId) {
        return new InvalidRowException(table(), successor.id(), problem, rayId);
    }

    @Override
    public StorageException refused(ConstraintViolation violation, List<List<?>> answers, RayId rayId) {
        return SqlInsert.refusedKey(
                table(), successor.id(), (Boolean) answers.get(3).get(0), violation, rayId);
    }

    @Override
    public List<SqlQuery<?>> repeatQuestions() {
        return questions();
    }

    @Override
    public Explanation<RotateOutcome> explainRepeat(List<List<?>> answers, RayId rayId) {
        return explain(answers, rayId);
    }
}
