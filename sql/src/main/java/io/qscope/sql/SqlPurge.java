package io.qscope.sql;

import io.qscope.model.RayId;
import io.qscope.store.Attempt;
import io.qscope.store.Purged;
import io.qscope.store.TableName;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Deletes what is of no more use, one table after the other, each a commit of its own so that nobody waits for long. */
final class SqlPurge {

    private static final String ACCESS_TOKENS = """
            DELETE FROM oauth_access_tokens
             WHERE id IN (SELECT id FROM oauth_access_tokens WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)""";

    // DISTINCT over UNION ALL: a plain UNION under a LIMIT has SQLite merge its parts in the order of ids, and so read
    // the whole
    // table for each.
    private static final String REFRESH_TOKENS = """
            DELETE FROM oauth_refresh_tokens
             WHERE id IN (SELECT DISTINCT id
                            FROM (SELECT id FROM oauth_refresh_tokens WHERE expires_at < $1
                                  UNION ALL
                                  SELECT id FROM oauth_refresh_tokens WHERE expires_at IS NULL AND rotated_at < $1
                                  UNION ALL
                                  SELECT id FROM oauth_refresh_tokens WHERE expires_at IS NULL AND revoked_at < $1
                                  UNION ALL
                                  SELECT t.id
                                    FROM oauth_authorizations r JOIN oauth_refresh_tokens t ON t.authorization_id = r.id
                                   WHERE r.revoked_at < $1 AND t.expires_at IS NULL) AS due
                           LIMIT $2)""";

    private static final String AUTHORIZATION_CODES = """
            DELETE FROM oauth_authorization_codes
             WHERE id IN (
                   SELECT c.id
                     FROM oauth_authorization_codes c JOIN oauth_authorizations r ON r.id = c.authorization_id
                    WHERE c.expires_at < $1
                      AND (c.consumed_at IS NULL OR r.revoked_at IS NOT NULL
                           OR NOT EXISTS (SELECT 1 FROM oauth_access_tokens a
                                           WHERE a.authorization_id = c.authorization_id AND a.revoked_at IS NULL
                                             AND a.expires_at > $3)
                              AND NOT EXISTS (SELECT 1 FROM oauth_refresh_tokens f
                                               WHERE f.authorization_id = c.authorization_id AND f.revoked_at IS NULL
                                                 AND f.rotated_at IS NULL
                                                 AND (f.expires_at IS NULL OR f.expires_at > $3)))
                    ORDER BY c.expires_at LIMIT $2)""";

    private static final String DEVICE_CODES = """
            DELETE FROM oauth_device_codes
             WHERE id IN (SELECT id FROM oauth_device_codes WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)""";

    private static final String AUTHORIZATIONS = """
            DELETE FROM oauth_authorizations
             WHERE id IN (
                   SELECT r.id
                     FROM oauth_authorizations r
                    WHERE r.updated_at < $1
                      AND NOT EXISTS (SELECT 1 FROM oauth_authorization_codes c WHERE c.authorization_id = r.id)
                      AND NOT EXISTS (SELECT 1 FROM oauth_access_tokens a WHERE a.authorization_id = r.id)
                      AND NOT EXISTS (SELECT 1 FROM oauth_refresh_tokens f WHERE f.authorization_id = r.id)
                      AND NOT EXISTS (SELECT 1 FROM oauth_device_codes d WHERE d.authorization_id = r.id)
                    ORDER BY r.updated_at LIMIT $2)""";

    private final SqlTable<?> sender;
    private final long before;
    private final long at;
    private final int limit;
    private final RayId rayId;

    SqlPurge(SqlTable<?> sender, Instant before, int limit, Attempt attempt, RayId rayId) {
        this.sender = sender;
        this.before = SqlValues.ceilingMillis(before);
        this.limit = limit;
        this.at = attempt.at().toEpochMilli();
        this.rayId = rayId;
    }

    CompletableFuture<Purged> run() {
        return delete(TableName.ACCESS_TOKENS, ACCESS_TOKENS, new Purged(0, 0, 0, 0, 0))
                .thenCompose(done -> delete(TableName.REFRESH_TOKENS, REFRESH_TOKENS, done))
                .thenCompose(done -> delete(TableName.AUTHORIZATION_CODES, AUTHORIZATION_CODES, done))
                .thenCompose(done -> delete(TableName.DEVICE_CODES, DEVICE_CODES, done))
                .thenCompose(done -> delete(TableName.AUTHORIZATIONS, AUTHORIZATIONS, done));
    }

    private CompletableFuture<Purged> delete(TableName table, String text, Purged done) {
        long left = (long) limit - done.total();
        if (left == 0) {
            return CompletableFuture.completedFuture(done);
        }
        SqlStep step = text.equals(AUTHORIZATION_CODES)
                ? SqlStep.any(text, before, left, at)
                : SqlStep.any(text, before, left);
        SqlWrite<Integer> call = SqlTransition.unconditional(
                table, "purge", List.of(step), steps -> steps.get(0).rows(), 0);
        return sender.write(call, rayId).thenApply(count -> plus(done, table, count));
    }

    private static Purged plus(Purged done, TableName table, int count) {
        return switch (table) {
            case ACCESS_TOKENS ->
                new Purged(
                        count,
                        done.refreshTokens(),
                        done.authorizationCodes(),
                        done.deviceCodes(),
                        done.authorizations());
            case REFRESH_TOKENS ->
                new Purged(
                        done.accessTokens(),
                        count,
                        done.authorizationCodes(),
                        done.deviceCodes(),
                        done.authorizations());
            case AUTHORIZATION_CODES ->
                new Purged(done.accessTokens(), done.refreshTokens(), count, done.deviceCodes(), done.authorizations());
            case DEVICE_CODES ->
                new Purged(
                        done.accessTokens(),
                        done.refreshTokens(),
                        done.authorizationCodes(),
                        count,
                        done.authorizations());
            case AUTHORIZATIONS ->
                new Purged(
                        done.accessTokens(),
                        done.refreshTokens(),
                        done.authorizationCodes(),
                        done.deviceCodes(),
                        count);
            case CLIENTS, AUDIT_LOG -> throw new IllegalArgumentException(table + " is never purged");
        };
    }
}
