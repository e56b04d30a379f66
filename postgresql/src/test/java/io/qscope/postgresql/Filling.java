package io.qscope.postgresql;

import io.qscope.tck.Rows;

/**
 * Fills a schema with rows that the server itself makes, so that a million take seconds: families of a root with five access tokens, a refresh
 * token, a code and a device code, of clients that have ten families each, and users who have five. None is over before {@link Rows#EXPIRY}, and
 * none of them names a client or a user of {@link Rows}. Some are
 * revoked, rotated, or hashed with a key, as an index of such rows alone would otherwise be empty.
 */
final class Filling {

    private Filling() {}

    /** Statements that add a client with that many families of its own, whose ids come after all others. */
    static String large(int families) {
        return """
            INSERT INTO oauth_clients SELECT 'large', 1, 'large', NULL, NULL, NULL, FALSE, '[]', '[]', '', TRUE, '{}', 0, 'fill', 0, 'fill';
            INSERT INTO oauth_authorizations
            SELECT 'root-large' || CASE WHEN i > 0 THEN lpad(i::text, 9, '0') ELSE '' END, 1, 'large', 'large-' || i, '', '{}', NULL,
                   NULL, 4000000000000, 'fill', 4000000000000, 'fill'
              FROM generate_series(0, %1$s - 1) i;
            INSERT INTO oauth_access_tokens
            SELECT 'large-' || i, 1, sha256(('large-' || i)::bytea), NULL, 'large', 'large-0', 'root-large', NULL, 'read',
                   4000000000000, NULL, NULL, '{}', 0, 'fill', 0, 'fill'
              FROM generate_series(0, %1$s / 10 - 1) i;
            ANALYZE;""".formatted(families);
    }

    /** Statements that add clients without families. */
    static String clients(int clients) {
        return """
            INSERT INTO oauth_clients
            SELECT 'lone-' || i, 1, 'lone-' || i, NULL, NULL, NULL, FALSE, '[]', '[]', '', TRUE, '{}', 0, 'fill', 0, 'fill'
              FROM generate_series(1, %1$s) i;
            ANALYZE;""".formatted(clients);
    }

    /** Statements that fill the schema that {@code search_path} names first with that many families, and have them counted. */
    static String of(int families, long expiresAt, long madeAt, int digits) {
        return """
            INSERT INTO oauth_clients
            SELECT 'client-%4$s-' || i, 1, 'client-%4$s-' || i, NULL, NULL, NULL, FALSE, '[]', '[]', '', TRUE, '{}',
                   %3$s, 'fill', %3$s, 'fill'
              FROM generate_series(0, (%1$s - 1) / 10) i;
            INSERT INTO oauth_authorizations
            SELECT 'root-%4$s-' || lpad(i::text, 9, '0'), 1, 'client-%4$s-' || i / 10, 'user-%4$s-' || i / 5, 'read', '{}',
                   CASE WHEN i %% 50 = 0 THEN %3$s END, NULL, %3$s, 'fill', %3$s, 'fill'
              FROM generate_series(0, %1$s - 1) i;
            INSERT INTO oauth_access_tokens
            SELECT 'access-%4$s-' || i, 1, sha256(('access-%4$s-' || i)::bytea), CASE WHEN i %% 10 = 0 THEN 'key' END, 'client-%4$s-' || i / 50,
                   'user-%4$s-' || i / 25, 'root-%4$s-' || lpad((i / 5)::text, 9, '0'), NULL, 'read', %2$s, NULL, NULL, '{}', %3$s,
                   'fill', %3$s, 'fill'
              FROM generate_series(0, 5 * %1$s - 1) i;
            INSERT INTO oauth_refresh_tokens
            SELECT 'refresh-%4$s-' || i, 1, sha256(('refresh-%4$s-' || i)::bytea), CASE WHEN i %% 10 = 0 THEN 'key' END, 'client-%4$s-' || i / 10,
                   'user-%4$s-' || i / 5, 'root-%4$s-' || lpad(i::text, 9, '0'), NULL, NULL, 'read',
                   CASE WHEN i %% 4 > 0 THEN %2$s END, CASE WHEN i %% 8 = 0 THEN %3$s END, NULL, 0,
                   CASE WHEN i %% 16 = 4 THEN %3$s END, NULL, '{}', %3$s, 'fill', %3$s, 'fill'
              FROM generate_series(0, %1$s - 1) i;
            INSERT INTO oauth_authorization_codes
            SELECT 'code-%4$s-' || i, 1, sha256(('code-%4$s-' || i)::bytea), CASE WHEN i %% 10 = 0 THEN 'key' END, 'client-%4$s-' || i / 10,
                   'user-%4$s-' || i / 5, 'root-%4$s-' || lpad(i::text, 9, '0'), NULL, 'read', NULL, NULL, %2$s, NULL, NULL, '{}',
                   %3$s, 'fill', %3$s, 'fill'
              FROM generate_series(0, %1$s - 1) i;
            INSERT INTO oauth_device_codes
            SELECT 'device-%4$s-' || i, 1, sha256(('device-%4$s-' || i)::bytea), CASE WHEN i %% 10 = 0 THEN 'key' END,
                   sha256(('user-%4$s-' || i)::bytea), CASE WHEN i %% 10 = 0 THEN 'key' END,
                   'client-%4$s-' || i / 10, NULL, 'root-%4$s-' || lpad(i::text, 9, '0'), 'read', %2$s, 5, 'PENDING', NULL, NULL,
                   NULL, NULL, NULL, %3$s, 'fill', %3$s, 'fill', '{}'
              FROM generate_series(0, %1$s - 1) i;
            INSERT INTO oauth_id_tokens
            SELECT 'id-%4$s-' || i, 1, sha256(('id-%4$s-' || i)::bytea), CASE WHEN i %% 10 = 0 THEN 'key' END, 'client-%4$s-' || i / 10,
                   'user-%4$s-' || i / 5, 'root-%4$s-' || lpad(i::text, 9, '0'), %2$s, '{}', %3$s, 'fill', %3$s, 'fill'
              FROM generate_series(0, %1$s - 1) i;
            INSERT INTO oauth_authorization_requests
            SELECT 'request-%4$s-' || i, 1, sha256(('request-%4$s-' || i)::bytea), CASE WHEN i %% 10 = 0 THEN 'key' END,
                   'client-%4$s-' || i / 10, NULL, 'root-%4$s-' || lpad(i::text, 9, '0'), '{}', %2$s, NULL, NULL, %3$s, 'fill',
                   %3$s, 'fill'
              FROM generate_series(0, %1$s - 1) i;
            INSERT INTO oauth_consents
            SELECT 'consent-%4$s-' || i, 1, 'client-%4$s-' || i / 10, 'user-%4$s-' || i, 'read', CASE WHEN i %% 20 = 0 THEN %3$s END, NULL, %3$s, 'fill', %3$s,
                   'fill'
              FROM generate_series(0, %1$s - 1) i;
            INSERT INTO oauth_signing_keys
            SELECT 'key-%4$s-' || i, 1, 'ES256', '{}', 'sealed', NULL, NULL, %3$s, 'fill', %3$s, 'fill' FROM generate_series(0, %1$s - 1) i;
            INSERT INTO oauth_users
            SELECT 'user-%4$s-' || i, 1, 'name-%4$s-' || i, '{noop}x', '{}', NULL, %3$s, 'fill', %3$s, 'fill' FROM generate_series(0, %1$s - 1) i;
            INSERT INTO oauth_throttles
            SELECT sha256(('key-%4$s-' || i)::bytea), 1, %2$s, 'fill', 1, NULL FROM generate_series(0, %1$s - 1) i;
            INSERT INTO oauth_audit_log
            SELECT 'entry-%4$s-' || i, 'event', NULL, NULL, NULL, 'ray-%4$s-' || i / 10, '{}', %3$s + i, 'fill',
                   'chain-%4$s-' || i / 1000, i, 'previous', 'hash'
              FROM generate_series(0, %1$s - 1) i;
            """.formatted(families, expiresAt, madeAt, digits) + "ANALYZE;";
    }

    /** Families that live for another year. */
    static String living(int families) {
        long year = 365L * 24 * 60 * 60 * 1_000;
        long expiry = Rows.EXPIRY.toEpochMilli();
        return of(families, expiry + year, expiry + 1, 1);
    }
}
