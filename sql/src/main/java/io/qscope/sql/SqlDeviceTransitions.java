package io.qscope.sql;

import io.qscope.model.DeviceCode;
import io.qscope.model.DeviceCodeState;
import io.qscope.model.TokenDigest;
import io.qscope.store.Attempt;
import io.qscope.store.ConsumeOutcome;
import io.qscope.store.DecisionOutcome;
import io.qscope.store.PollOutcome;
import io.qscope.store.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The transitions of a device code (RFC 8628): decide, poll, consume. */
final class SqlDeviceTransitions {

    private static final String RETURNED = """

            RETURNING id, version, device_code, device_code_key_id, user_code, user_code_key_id, client_id, user_id,
                      authorization_id, scopes, expires_at, poll_interval, state, last_polled_at, metadata, NULL,
                      created_at, created_by, updated_at, updated_by""";

    private static final String DECIDE = """
            UPDATE oauth_device_codes
               SET version = version + 1, state = $5, user_id = COALESCE($6, user_id), decided_attempt = $2,
                   updated_at = $3, updated_by = $4
             WHERE user_code = $1 AND state = 'PENDING' AND expires_at > $3 AND\s""" + SqlTable.ROOT_IS_LIVE_AND_WRITTEN_NEXT + RETURNED;

    private static final String NAME_THE_USER_ON_THE_ROOT = """
            UPDATE oauth_authorizations
               SET version = version + 1, user_id = $2, updated_at = $3, updated_by = $4
             WHERE id = (SELECT authorization_id FROM oauth_device_codes WHERE user_code = $1)""";

    private static final String POLL = """
            UPDATE oauth_device_codes
               SET version = version + 1,
                   polled_too_soon =
                     CASE WHEN $3 < last_polled_at + poll_interval * 1000 THEN 1 ELSE 0 END,
                   poll_interval =
                     CASE WHEN last_polled_at IS NULL OR $3 >= last_polled_at + poll_interval * 1000 THEN poll_interval
                          WHEN poll_interval > 2147483642 THEN 2147483647
                          ELSE poll_interval + 5 END,
                   last_polled_at = $3, polled_attempt = $2, updated_at = $3, updated_by = $4
             WHERE device_code = $1 AND state = 'PENDING' AND expires_at > $3
               AND polled_attempt IS DISTINCT FROM $2 AND\s""" + SqlTable.ROOT_IS_LIVE + """

            RETURNING polled_too_soon, poll_interval""";

    private static final String CONSUME = """
            UPDATE oauth_device_codes
               SET version = version + 1, state = 'CONSUMED', consumed_attempt = $2, updated_at = $3, updated_by = $4
             WHERE device_code = $1 AND state = 'APPROVED' AND expires_at > $3 AND\s""" + SqlTable.ROOT_IS_LIVE + RETURNED;

    private static final String FOUND = "SELECT " + SqlDeviceCodeTable.COLUMNS
            + ", t.decided_attempt, t.consumed_attempt, t.polled_attempt, t.polled_too_soon" + SqlDeviceCodeTable.FROM;

    private static final String FOUND_BY_USER_CODE = FOUND + " WHERE t.user_code = $1";

    private static final String FOUND_BY_DEVICE_CODE = FOUND + " WHERE t.device_code = $1";

    private SqlDeviceTransitions() {}

    static SqlWrite<DecisionOutcome> approving(TokenDigest userCode, String userId, Attempt attempt) {
        byte[] key = userCode.bytes();
        SqlStep name = SqlStep.required(
                        NAME_THE_USER_ON_THE_ROOT, key, userId, SqlValues.millis(attempt.at()), attempt.by())
                .writingRoots();
        return deciding(userCode, attempt, List.of(decide(key, attempt, DeviceCodeState.APPROVED, userId), name));
    }

    static SqlWrite<DecisionOutcome> denying(TokenDigest userCode, Attempt attempt) {
        return deciding(userCode, attempt, List.of(decide(userCode.bytes(), attempt, DeviceCodeState.DENIED, null)));
    }

    private static SqlStep decide(byte[] key, Attempt attempt, DeviceCodeState state, @Nullable String userId) {
        return SqlStep.returning(
                DECIDE,
                SqlDeviceCodeTable::map,
                key,
                attempt.id(),
                SqlValues.millis(attempt.at()),
                attempt.by(),
                state.name(),
                userId);
    }

    private static SqlWrite<DecisionOutcome> deciding(TokenDigest userCode, Attempt attempt, List<SqlStep> steps) {
        return new SqlTransition<>(
                TableName.DEVICE_CODES,
                userCode.toString(),
                true,
                steps,
                done -> new DecisionOutcome.Decided(SqlTable.returned(DeviceCode.class, done)),
                List.of(SqlQuery.of(FOUND_BY_USER_CODE, Found::map, userCode.bytes())),
                (answers, rayId) -> explainDecision(answers.get(0), attempt));
    }

    private static Explanation<DecisionOutcome> explainDecision(List<?> answer, Attempt attempt) {
        if (answer.isEmpty()) {
            return Explanation.of(new DecisionOutcome.Unknown());
        }
        Found found = (Found) answer.get(0);
        DeviceCode row = found.row();
        if (attempt.id().equals(found.decidedAttempt())) {
            return Explanation.of(new DecisionOutcome.Decided(row));
        }
        if (row.authorizationRevokedAt() != null) {
            return Explanation.of(new DecisionOutcome.Revoked(row));
        }
        if (row.state() != DeviceCodeState.PENDING) {
            return Explanation.of(new DecisionOutcome.AlreadyDecided(row));
        }
        return expired(row, attempt) ? Explanation.of(new DecisionOutcome.Expired(row)) : Explanation.runAgain();
    }

    static SqlWrite<PollOutcome> polling(TokenDigest deviceCode, Attempt attempt) {
        byte[] key = deviceCode.bytes();
        SqlStep step = SqlStep.returning(
                POLL,
                row -> {
                    SqlValues values = SqlValues.of(row);
                    return polled(values.flag(), values.duration());
                },
                key,
                attempt.id(),
                SqlValues.millis(attempt.at()),
                attempt.by());
        return new SqlTransition<>(
                TableName.DEVICE_CODES,
                deviceCode.toString(),
                false,
                List.of(step),
                done -> SqlTable.returned(PollOutcome.class, done),
                List.of(SqlQuery.of(FOUND_BY_DEVICE_CODE, Found::map, key)),
                (answers, rayId) -> explainPoll(answers.get(0), attempt));
    }

    private static PollOutcome polled(boolean tooSoon, Duration interval) {
        return tooSoon ? new PollOutcome.SlowDown(interval) : new PollOutcome.Pending();
    }

    private static Explanation<PollOutcome> explainPoll(List<?> answer, Attempt attempt) {
        if (answer.isEmpty()) {
            return Explanation.of(new PollOutcome.Unknown());
        }
        Found found = (Found) answer.get(0);
        DeviceCode row = found.row();
        if (attempt.id().equals(found.polledAttempt())) {
            return Explanation.of(polled(found.polledTooSoon(), row.interval()));
        }
        if (row.authorizationRevokedAt() != null) {
            return Explanation.of(new PollOutcome.Revoked(row));
        }
        if (expired(row, attempt)) {
            return Explanation.of(new PollOutcome.Expired(row));
        }
        return switch (row.state()) {
            case DENIED -> Explanation.of(new PollOutcome.Denied(row));
            case CONSUMED -> Explanation.of(new PollOutcome.AlreadyConsumed(row));
            case APPROVED -> Explanation.of(new PollOutcome.Approved(row));
            case PENDING -> Explanation.runAgain();
        };
    }

    static SqlWrite<ConsumeOutcome<DeviceCode>> consuming(TokenDigest deviceCode, Attempt attempt) {
        byte[] key = deviceCode.bytes();
        SqlStep step = SqlStep.returning(
                CONSUME, SqlDeviceCodeTable::map, key, attempt.id(), SqlValues.millis(attempt.at()), attempt.by());
        return new SqlTransition<>(
                TableName.DEVICE_CODES,
                deviceCode.toString(),
                true,
                List.of(step),
                done -> new ConsumeOutcome.Consumed<>(SqlTable.returned(DeviceCode.class, done)),
                List.of(SqlQuery.of(FOUND_BY_DEVICE_CODE, Found::map, key)),
                (answers, rayId) -> explainConsume(answers.get(0), attempt));
    }

    private static Explanation<ConsumeOutcome<DeviceCode>> explainConsume(List<?> answer, Attempt attempt) {
        if (answer.isEmpty()) {
            return Explanation.of(new ConsumeOutcome.Unknown<>());
        }
        Found found = (Found) answer.get(0);
        DeviceCode row = found.row();
        if (attempt.id().equals(found.consumedAttempt())) {
            return Explanation.of(new ConsumeOutcome.Consumed<>(row));
        }
        if (row.authorizationRevokedAt() != null) {
            return Explanation.of(new ConsumeOutcome.Revoked<>(row));
        }
        if (row.state() == DeviceCodeState.CONSUMED) {
            return Explanation.of(new ConsumeOutcome.AlreadyConsumed<>(row));
        }
        if (expired(row, attempt)) {
            return Explanation.of(new ConsumeOutcome.Expired<>(row));
        }
        return row.state() == DeviceCodeState.APPROVED
                ? Explanation.runAgain()
                : Explanation.of(new ConsumeOutcome.NotApproved<>(row));
    }

    private static boolean expired(DeviceCode row, Attempt attempt) {
        return !attempt.at().isBefore(row.expiresAt());
    }

    /** A row beside the attempts that its transitions were won by. */
    private record Found(
            DeviceCode row,
            @Nullable String decidedAttempt,
            @Nullable String consumedAttempt,
            @Nullable String polledAttempt,
            boolean polledTooSoon) {

        static Found map(SqlRow row) {
            SqlValues values = SqlValues.of(row);
            return new Found(
                    SqlDeviceCodeTable.read(values),
                    values.optionalText(),
                    values.optionalText(),
                    values.optionalText(),
                    Objects.equals(values.optionalNumber(), 1L));
        }
    }
}
