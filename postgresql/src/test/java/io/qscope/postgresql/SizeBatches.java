package io.qscope.postgresql;

import java.util.List;
import java.util.stream.Collectors;

/** What a purge is to delete, and how much of it each of its transactions deleted. */
final class SizeBatches {

    /** Rows that are over before %1$s, and are there all the same. */
    static final String MISSED = """
            SELECT (SELECT count(*) FROM oauth_access_tokens WHERE expires_at < %1$s)
                 + (SELECT count(*) FROM oauth_refresh_tokens
                     WHERE expires_at < %1$s
                        OR (expires_at IS NULL AND (rotated_at < %1$s OR revoked_at < %1$s OR authorization_id IN
                            (SELECT id FROM oauth_authorizations WHERE revoked_at < %1$s))))
                 + (SELECT count(*) FROM oauth_authorization_codes WHERE expires_at < %1$s)
                 + (SELECT count(*) FROM oauth_device_codes WHERE expires_at < %1$s)
                 + (SELECT count(*) FROM oauth_id_tokens WHERE expires_at < %1$s)
                 + (SELECT count(*) FROM oauth_authorization_requests WHERE expires_at < %1$s)
                 + (SELECT count(*) FROM oauth_authorizations r
                     WHERE updated_at < %1$s AND NOT EXISTS (SELECT 1 FROM oauth_refresh_tokens t WHERE t.authorization_id = r.id)
                       AND NOT EXISTS (SELECT 1 FROM oauth_access_tokens t WHERE t.authorization_id = r.id))
                 + (SELECT count(*) FROM oauth_consents WHERE revoked_at < %1$s)
                 + (SELECT count(*) FROM oauth_throttles WHERE ends_at < %1$s)""";

    private static final List<String> TABLES = List.of(
            "oauth_access_tokens",
            "oauth_refresh_tokens",
            "oauth_authorization_codes",
            "oauth_device_codes",
            "oauth_id_tokens",
            "oauth_authorization_requests",
            "oauth_authorizations",
            "oauth_consents",
            "oauth_throttles");

    private SizeBatches() {}

    /** Statements that have every deletion noted, in the schema that is given. */
    static String noted(String schema) {
        return """
            CREATE TABLE oauth_batches (tx TEXT, rows BIGINT);
            CREATE FUNCTION note_batch() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF EXISTS (SELECT 1 FROM gone) THEN
                INSERT INTO %1$s.oauth_batches SELECT pg_current_xact_id()::text, count(*) FROM gone;
              END IF;
              RETURN NULL;
            END $$;
            """.formatted(schema)
                + TABLES.stream()
                        .map(table -> "CREATE TRIGGER note_batch AFTER DELETE ON " + table
                                + " REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION note_batch();")
                        .collect(Collectors.joining());
    }
}
