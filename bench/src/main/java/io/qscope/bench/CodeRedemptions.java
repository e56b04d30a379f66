package io.qscope.bench;

import io.qscope.bench.SampleCodes.Redemption;
import io.qscope.bench.SampleCodes.Waiting;
import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.RayId;
import io.qscope.model.RefreshToken;
import io.qscope.result.Result;
import io.qscope.result.SuccessResult;
import io.qscope.service.ClientCredentials;
import io.qscope.service.CodeRedemption;
import io.qscope.service.IssuedTokens;
import io.qscope.service.OAuthServices;
import io.qscope.store.Storage;
import io.qscope.store.UnitOutcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;

/**
 * Redeems codes: each consumed, with an access token, a refresh token and an audit entry, all or nothing, acknowledged once it
 * is on the disk. Codes are issued before each round, untimed.
 */
final class CodeRedemptions {

    private static final String CONSUME = """
            UPDATE oauth_authorization_codes
               SET version = version + 1, consumed_at = ?3, consumed_attempt = ?2, updated_at = ?3, updated_by = ?4
             WHERE code = ?1 AND consumed_at IS NULL AND expires_at > ?3
               AND EXISTS (SELECT 1 FROM oauth_authorizations a WHERE a.id = authorization_id AND a.revoked_at IS NULL)
            RETURNING id, version, code, code_key_id, client_id, user_id, authorization_id, redirect_uri, scopes,
                      code_challenge, code_challenge_method, expires_at, consumed_at, metadata, NULL, created_at,
                      created_by, updated_at, updated_by""";

    private static final String INSERT_ACCESS = """
            INSERT INTO oauth_access_tokens (id, version, token, token_key_id, client_id, user_id, authorization_id,
                   refresh_token_id, scopes, expires_at, revoked_at, metadata, created_at, created_by, updated_at,
                   updated_by)
            SELECT ?1, 1, ?2, NULL, ?3, ?4, ?5, ?6, ?7, ?8, NULL, ?9, ?10, ?11, ?10, ?11
             WHERE NOT EXISTS (SELECT 1 FROM oauth_authorizations WHERE id = ?5 AND revoked_at IS NOT NULL)""";

    private static final String INSERT_REFRESH = """
            INSERT INTO oauth_refresh_tokens (id, version, token, token_key_id, client_id, user_id, authorization_id,
                   predecessor_id, made_attempt, scopes, expires_at, rotated_at, grace_uses, revoked_at, metadata,
                   created_at, created_by, updated_at, updated_by)
            SELECT ?1, 1, ?2, NULL, ?3, ?4, ?5, NULL, NULL, ?6, ?7, NULL, 0, NULL, ?8, ?9, ?10, ?9, ?10
             WHERE NOT EXISTS (SELECT 1 FROM oauth_authorizations WHERE id = ?5 AND revoked_at IS NOT NULL)""";

    private static final String INSERT_ENTRY = """
            INSERT INTO oauth_audit_log (id, event_type, subject, client_id, user_id, ray_id, metadata, created_at,
                   created_by)
            VALUES (?, ?, ?, ?, NULL, ?, ?, ?, ?)""";

    private CodeRedemptions() {}

    /** A unit of work of four parts. */
    static InFlight units(Storage storage, SampleCodes codes, int inFlight, int codesARound) {
        return new InFlight(inFlight, () -> codes.fill(codesARound), () -> {
            Waiting taken = codes.take();
            if (taken == null) {
                return null;
            }
            Redemption redemption = codes.redemption(taken);
            return storage.unitOfWork(redemption.attempt())
                    .consume(redemption.code())
                    .insert(redemption.access())
                    .insert(redemption.refresh())
                    .insert(redemption.entry())
                    .commit(redemption.entry().rayId())
                    .thenAccept(CodeRedemptions::requireCommitted);
        });
    }

    /** All that a token endpoint asks for: the client and the code looked up, PKCE verified, then the unit. */
    static InFlight services(OAuthServices services, SampleCodes codes, int inFlight, int codesARound) {
        ClientCredentials credentials = ClientCredentials.verified(codes.clientIdentifier());
        return new InFlight(inFlight, () -> codes.fill(codesARound), () -> {
            Waiting taken = codes.take();
            if (taken == null) {
                return null;
            }
            CodeRedemption request = new CodeRedemption(taken.value(), SampleCodes.REDIRECT_URI, SampleCodes.VERIFIER);
            return services.codes()
                    .redeem(credentials, request, RayId.random())
                    .thenAccept(CodeRedemptions::requireTokens);
        });
    }

    private static void requireCommitted(UnitOutcome outcome) {
        if (!outcome.committed()) {
            throw new IllegalStateException("a measured unit was refused: " + outcome);
        }
    }

    private static void requireTokens(Result<IssuedTokens> result) {
        if (!(result instanceof SuccessResult)) {
            throw new IllegalStateException("a measured redemption was refused: " + result);
        }
    }

    /** By hand: one thread, since SQLite has one writer; as many redemptions to a transaction as qscope has in flight. */
    static Side transactions(Connection connection, SampleCodes codes, int group, int codesARound) {
        return new Side() {
            @Override
            public void prepare() {
                codes.fill(codesARound);
            }

            @Override
            public long workUntil(long until) throws SQLException {
                return byHand(connection, codes, group, until);
            }
        };
    }

    private static long byHand(Connection connection, SampleCodes codes, int group, long until) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement consume = connection.prepareStatement(CONSUME);
                PreparedStatement access = connection.prepareStatement(INSERT_ACCESS);
                PreparedStatement refresh = connection.prepareStatement(INSERT_REFRESH);
                PreparedStatement entry = connection.prepareStatement(INSERT_ENTRY)) {
            long operations = 0;
            Waiting taken = codes.take();
            while (System.nanoTime() - until < 0 && taken != null) {
                for (int i = 0; i < group && taken != null; i++) {
                    redeem(codes.redemption(taken), consume, access, refresh, entry);
                    operations++;
                    taken = codes.take();
                }
                connection.commit();
            }
            return operations;
        } finally {
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    private static void redeem(
            Redemption redemption,
            PreparedStatement consume,
            PreparedStatement access,
            PreparedStatement refresh,
            PreparedStatement entry)
            throws SQLException {
        consume.setBytes(1, redemption.code().bytes());
        consume.setString(2, redemption.attempt().id());
        consume.setLong(3, redemption.attempt().at().toEpochMilli());
        consume.setString(4, redemption.attempt().by());
        try (ResultSet row = consume.executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException("a measured code was consumed before");
            }
        }
        bind(access, redemption.access());
        access.executeUpdate();
        bind(refresh, redemption.refresh());
        refresh.executeUpdate();
        bind(entry, redemption.entry());
        entry.executeUpdate();
    }

    private static void bind(PreparedStatement insert, AccessToken token) throws SQLException {
        insert.setString(1, token.id());
        insert.setBytes(2, token.token().bytes());
        insert.setString(3, token.clientId());
        insert.setString(4, token.userId());
        insert.setString(5, token.authorizationId());
        insert.setString(6, token.refreshTokenId());
        insert.setString(7, String.join(" ", token.scopes()));
        insert.setLong(8, token.expiresAt().toEpochMilli());
        insert.setString(9, JsonColumns.text(token.metadata()));
        insert.setLong(10, token.createdAt().toEpochMilli());
        insert.setString(11, token.createdBy());
    }

    private static void bind(PreparedStatement insert, RefreshToken token) throws SQLException {
        insert.setString(1, token.id());
        insert.setBytes(2, token.token().bytes());
        insert.setString(3, token.clientId());
        insert.setString(4, token.userId());
        insert.setString(5, token.authorizationId());
        insert.setString(6, String.join(" ", token.scopes()));
        insert.setLong(7, Objects.requireNonNull(token.expiresAt()).toEpochMilli());
        insert.setString(8, JsonColumns.text(token.metadata()));
        insert.setLong(9, token.createdAt().toEpochMilli());
        insert.setString(10, token.createdBy());
    }

    private static void bind(PreparedStatement insert, AuditLog entry) throws SQLException {
        insert.setString(1, entry.id());
        insert.setString(2, entry.eventType());
        insert.setString(3, entry.subject());
        insert.setString(4, entry.clientId());
        insert.setString(5, entry.rayId().value());
        insert.setString(6, JsonColumns.text(entry.metadata()));
        insert.setLong(7, entry.createdAt().toEpochMilli());
        insert.setString(8, entry.createdBy());
    }
}
