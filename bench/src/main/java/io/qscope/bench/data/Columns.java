package io.qscope.bench.data;

import io.qscope.model.AccessToken;
import io.qscope.model.AuditLog;
import io.qscope.model.Authorization;
import io.qscope.model.AuthorizationCode;
import io.qscope.model.RefreshToken;
import io.qscope.model.TokenDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * A table of qscope's schema as it is written by hand. Values are texts, numbers and bytes.
 *
 * @param table its name
 * @param names of the columns
 * @param values of a row, in the order of the names
 */
public record Columns<T>(String table, List<String> names, Function<T, @Nullable Object[]> values) {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final ObjectReader READER = MAPPER.readerForMapOf(Object.class);

    /** The version that a row has once it is inserted. */
    private static final Long STORED_FIRST = 1L;

    /** {@code oauth_authorizations}. */
    public static final Columns<Authorization> AUTHORIZATIONS = of(
            "oauth_authorizations",
            "id version client_id user_id scopes attributes revoked_at created_at created_by updated_at updated_by",
            row -> new @Nullable Object[] {
                row.id(),
                STORED_FIRST,
                row.clientId(),
                row.userId(),
                scopes(row.scopes()),
                json(row.attributes()),
                millis(row.revokedAt()),
                millis(row.createdAt()),
                row.createdBy(),
                millis(row.updatedAt()),
                row.updatedBy()
            });

    /** {@code oauth_authorization_codes}. */
    public static final Columns<AuthorizationCode> CODES = of(
            "oauth_authorization_codes",
            "id version code code_key_id client_id user_id authorization_id redirect_uri scopes code_challenge"
                    + " code_challenge_method expires_at consumed_at metadata created_at created_by updated_at updated_by",
            row -> new @Nullable Object[] {
                row.id(),
                STORED_FIRST,
                row.code().bytes(),
                row.code().keyId(),
                row.clientId(),
                row.userId(),
                row.authorizationId(),
                row.redirectUri(),
                scopes(row.scopes()),
                row.codeChallenge(),
                row.codeChallengeMethod(),
                millis(row.expiresAt()),
                millis(row.consumedAt()),
                json(row.metadata()),
                millis(row.createdAt()),
                row.createdBy(),
                millis(row.updatedAt()),
                row.updatedBy()
            });

    /** {@code oauth_access_tokens}. */
    public static final Columns<AccessToken> ACCESS_TOKENS = of(
            "oauth_access_tokens",
            "id version token token_key_id client_id user_id authorization_id refresh_token_id scopes expires_at"
                    + " revoked_at metadata created_at created_by updated_at updated_by",
            row -> new @Nullable Object[] {
                row.id(),
                STORED_FIRST,
                row.token().bytes(),
                row.token().keyId(),
                row.clientId(),
                row.userId(),
                row.authorizationId(),
                row.refreshTokenId(),
                scopes(row.scopes()),
                millis(row.expiresAt()),
                millis(row.revokedAt()),
                json(row.metadata()),
                millis(row.createdAt()),
                row.createdBy(),
                millis(row.updatedAt()),
                row.updatedBy()
            });

    /** {@code oauth_refresh_tokens}. */
    public static final Columns<RefreshToken> REFRESH_TOKENS = of(
            "oauth_refresh_tokens",
            "id version token token_key_id client_id user_id authorization_id predecessor_id scopes expires_at rotated_at"
                    + " grace_uses revoked_at metadata created_at created_by updated_at updated_by",
            row -> new @Nullable Object[] {
                row.id(),
                STORED_FIRST,
                row.token().bytes(),
                row.token().keyId(),
                row.clientId(),
                row.userId(),
                row.authorizationId(),
                row.predecessorId(),
                scopes(row.scopes()),
                millis(row.expiresAt()),
                millis(row.rotatedAt()),
                (long) row.graceUses(),
                millis(row.revokedAt()),
                json(row.metadata()),
                millis(row.createdAt()),
                row.createdBy(),
                millis(row.updatedAt()),
                row.updatedBy()
            });

    /** {@code oauth_audit_log}, its entries not chained. */
    public static final Columns<AuditLog> AUDIT_LOG = of(
            "oauth_audit_log",
            "id event_type subject client_id user_id ray_id metadata created_at created_by",
            row -> new @Nullable Object[] {
                row.id(),
                row.eventType(),
                row.subject(),
                row.clientId(),
                row.userId(),
                row.rayId().value(),
                json(row.metadata()),
                millis(row.createdAt()),
                row.createdBy()
            });

    private static <T> Columns<T> of(String table, String names, Function<T, @Nullable Object[]> values) {
        return new Columns<>(table, Arrays.asList(names.split(" ")), values);
    }

    /** An INSERT of one row, with a question mark for each column. */
    public String insert() {
        return "INSERT INTO " + table + " (" + String.join(", ", names) + ") VALUES ("
                + String.join(", ", Collections.nCopies(names.size(), "?")) + ")";
    }

    /** As the columns have it. */
    public static String scopes(Set<String> scopes) {
        return String.join(" ", scopes);
    }

    /** As the columns have it, by the library that qscope uses too. */
    public static String json(Map<String, Object> object) {
        return MAPPER.writeValueAsString(object);
    }

    /** The other way round. */
    public static Map<String, Object> object(String json) {
        return READER.readValue(json);
    }

    /** A digest from its two columns. */
    public static TokenDigest digest(byte[] bytes, @Nullable String keyId) {
        return TokenDigest.of(bytes, keyId);
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }
}
