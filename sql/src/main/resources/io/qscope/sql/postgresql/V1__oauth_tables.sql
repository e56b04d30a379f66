-- The schema of qscope on PostgreSQL: public API, usable by hand, in the schema that search_path names first.
--
-- Instants are milliseconds since 1970-01-01T00:00Z, durations are seconds. Texts compare by their bytes
-- (COLLATE "C"), so that pages and keys are ordered as on every other engine. Codes, tokens and user
-- codes are held as digests of 32 bytes (SHA-256, or an HMAC by the key that …_key_id names), never as they were issued.
-- Scopes are separated by spaces (RFC 6749 §3.3); other lists and maps are JSON. …_attempt is the id of the attempt that
-- made the transition beside it, so that a repeat is recognised.
--
-- Each index stands below its table with the query that needs it. Primary and unique keys bring their own.

CREATE TABLE oauth_clients (
  id                                TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  version                           BIGINT           NOT NULL CHECK (version >= 1),
  client_identifier                 TEXT COLLATE "C" NOT NULL UNIQUE,
  client_secret                     TEXT COLLATE "C" CHECK (client_secret LIKE '{%}_%'),
  previous_client_secret            TEXT COLLATE "C" CHECK (previous_client_secret LIKE '{%}_%'),
  previous_client_secret_expires_at BIGINT,
  is_confidential                   BOOLEAN          NOT NULL,
  redirect_uris                     TEXT COLLATE "C" NOT NULL CHECK (redirect_uris::json IS NOT NULL),
  grant_types                       TEXT COLLATE "C" NOT NULL CHECK (grant_types::json IS NOT NULL),
  scopes                            TEXT COLLATE "C" NOT NULL,
  is_enabled                        BOOLEAN          NOT NULL,
  config                            TEXT COLLATE "C" NOT NULL CHECK (config::json IS NOT NULL),
  created_at                        BIGINT           NOT NULL,
  created_by                        TEXT COLLATE "C" NOT NULL,
  updated_at                        BIGINT           NOT NULL,
  updated_by                        TEXT COLLATE "C" NOT NULL
);

-- The root of a family: its codes and tokens are live only while revoked_at is null.
CREATE TABLE oauth_authorizations (
  id              TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  version         BIGINT           NOT NULL CHECK (version >= 1),
  client_id       TEXT COLLATE "C" NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
  user_id         TEXT COLLATE "C",
  scopes          TEXT COLLATE "C" NOT NULL,
  attributes      TEXT COLLATE "C" NOT NULL CHECK (attributes::json IS NOT NULL),
  revoked_at      BIGINT,
  revoked_attempt TEXT COLLATE "C",
  created_at      BIGINT           NOT NULL,
  created_by      TEXT COLLATE "C" NOT NULL,
  updated_at      BIGINT           NOT NULL,
  updated_by      TEXT COLLATE "C" NOT NULL
);

-- Listing and revoking by client, and the cascade from oauth_clients: WHERE client_id = ? AND id > ? ORDER BY id
CREATE INDEX oauth_authorizations_by_client ON oauth_authorizations (client_id, id);
-- Listing and revoking by user: WHERE user_id = ? AND id > ? ORDER BY id
CREATE INDEX oauth_authorizations_by_user ON oauth_authorizations (user_id, id) WHERE user_id IS NOT NULL;
-- Purge of roots without children: WHERE updated_at < ?
CREATE INDEX oauth_authorizations_by_update ON oauth_authorizations (updated_at);
-- Purge of refresh tokens whose root was revoked: WHERE revoked_at < ?
CREATE INDEX oauth_authorizations_by_revocation ON oauth_authorizations (revoked_at) WHERE revoked_at IS NOT NULL;

CREATE TABLE oauth_authorization_codes (
  id                    TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  version               BIGINT           NOT NULL CHECK (version >= 1),
  code                  BYTEA            NOT NULL UNIQUE CHECK (length(code) = 32),
  code_key_id           TEXT COLLATE "C",
  client_id             TEXT COLLATE "C" NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
  user_id               TEXT COLLATE "C" NOT NULL,
  authorization_id      TEXT COLLATE "C" NOT NULL REFERENCES oauth_authorizations (id) ON DELETE CASCADE,
  redirect_uri          TEXT COLLATE "C",
  scopes                TEXT COLLATE "C" NOT NULL,
  code_challenge        TEXT COLLATE "C",
  code_challenge_method TEXT COLLATE "C",
  expires_at            BIGINT           NOT NULL,
  consumed_at           BIGINT,
  consumed_attempt      TEXT COLLATE "C",
  metadata              TEXT COLLATE "C" NOT NULL CHECK (metadata::json IS NOT NULL),
  created_at            BIGINT           NOT NULL,
  created_by            TEXT COLLATE "C" NOT NULL,
  updated_at            BIGINT           NOT NULL,
  updated_by            TEXT COLLATE "C" NOT NULL
);

-- The cascade from oauth_clients: WHERE client_id = ?
CREATE INDEX oauth_authorization_codes_by_client ON oauth_authorization_codes (client_id);
-- The cascade from oauth_authorizations, and whether a root has children: WHERE authorization_id = ?
CREATE INDEX oauth_authorization_codes_by_authorization ON oauth_authorization_codes (authorization_id);
-- Purge: WHERE expires_at < ?
CREATE INDEX oauth_authorization_codes_by_expiry ON oauth_authorization_codes (expires_at);
-- Keys in use: WHERE code_key_id IS NOT NULL AND expires_at > ?
CREATE INDEX oauth_authorization_codes_by_key ON oauth_authorization_codes (code_key_id, expires_at)
  WHERE code_key_id IS NOT NULL;

CREATE TABLE oauth_access_tokens (
  id               TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  version          BIGINT           NOT NULL CHECK (version >= 1),
  token            BYTEA            NOT NULL UNIQUE CHECK (length(token) = 32),
  token_key_id     TEXT COLLATE "C",
  client_id        TEXT COLLATE "C" NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
  user_id          TEXT COLLATE "C",
  authorization_id TEXT COLLATE "C" REFERENCES oauth_authorizations (id) ON DELETE CASCADE,
  refresh_token_id TEXT COLLATE "C",
  scopes           TEXT COLLATE "C" NOT NULL,
  expires_at       BIGINT           NOT NULL,
  revoked_at       BIGINT,
  revoked_attempt  TEXT COLLATE "C",
  metadata         TEXT COLLATE "C" NOT NULL CHECK (metadata::json IS NOT NULL),
  created_at       BIGINT           NOT NULL,
  created_by       TEXT COLLATE "C" NOT NULL,
  updated_at       BIGINT           NOT NULL,
  updated_by       TEXT COLLATE "C" NOT NULL
);

-- FIFO limits, revoking a client's tokens that stand alone, and the cascade from oauth_clients:
-- WHERE client_id = ? AND user_id = ?
CREATE INDEX oauth_access_tokens_by_client ON oauth_access_tokens (client_id, user_id);
-- The cascade from oauth_authorizations, and whether a family has a live token: WHERE authorization_id = ?
CREATE INDEX oauth_access_tokens_by_authorization ON oauth_access_tokens (authorization_id)
  WHERE authorization_id IS NOT NULL;
-- Revoking a user's tokens that stand alone: WHERE user_id = ? AND authorization_id IS NULL
CREATE INDEX oauth_access_tokens_alone_by_user ON oauth_access_tokens (user_id)
  WHERE user_id IS NOT NULL AND authorization_id IS NULL;
-- Purge: WHERE expires_at < ?
CREATE INDEX oauth_access_tokens_by_expiry ON oauth_access_tokens (expires_at);
-- Keys in use: WHERE token_key_id IS NOT NULL AND expires_at > ?
CREATE INDEX oauth_access_tokens_by_key ON oauth_access_tokens (token_key_id, expires_at) WHERE token_key_id IS NOT NULL;

CREATE TABLE oauth_refresh_tokens (
  id               TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  version          BIGINT           NOT NULL CHECK (version >= 1),
  token            BYTEA            NOT NULL UNIQUE CHECK (length(token) = 32),
  token_key_id     TEXT COLLATE "C",
  client_id        TEXT COLLATE "C" NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
  user_id          TEXT COLLATE "C",
  authorization_id TEXT COLLATE "C" NOT NULL REFERENCES oauth_authorizations (id) ON DELETE CASCADE,
  predecessor_id   TEXT COLLATE "C",
  made_attempt     TEXT COLLATE "C",
  scopes           TEXT COLLATE "C" NOT NULL,
  expires_at       BIGINT,
  rotated_at       BIGINT,
  rotated_attempt  TEXT COLLATE "C",
  grace_uses       BIGINT           NOT NULL CHECK (grace_uses >= 0),
  revoked_at       BIGINT,
  revoked_attempt  TEXT COLLATE "C",
  metadata         TEXT COLLATE "C" NOT NULL CHECK (metadata::json IS NOT NULL),
  created_at       BIGINT           NOT NULL,
  created_by       TEXT COLLATE "C" NOT NULL,
  updated_at       BIGINT           NOT NULL,
  updated_by       TEXT COLLATE "C" NOT NULL
);

-- FIFO limits, and the cascade from oauth_clients: WHERE client_id = ? AND user_id = ?
CREATE INDEX oauth_refresh_tokens_by_client ON oauth_refresh_tokens (client_id, user_id);
-- The cascade from oauth_authorizations, and whether a family has a live token: WHERE authorization_id = ?
CREATE INDEX oauth_refresh_tokens_by_authorization ON oauth_refresh_tokens (authorization_id);
-- The successors of a token, for repeats and for the grace: WHERE predecessor_id = ?
CREATE INDEX oauth_refresh_tokens_by_predecessor ON oauth_refresh_tokens (predecessor_id)
  WHERE predecessor_id IS NOT NULL;
-- Purge: WHERE expires_at < ?
CREATE INDEX oauth_refresh_tokens_by_expiry ON oauth_refresh_tokens (expires_at) WHERE expires_at IS NOT NULL;
-- Purge of tokens without an expiry: WHERE expires_at IS NULL AND rotated_at < ?
CREATE INDEX oauth_refresh_tokens_by_rotation ON oauth_refresh_tokens (rotated_at)
  WHERE expires_at IS NULL AND rotated_at IS NOT NULL;
-- Purge of tokens without an expiry: WHERE expires_at IS NULL AND revoked_at < ?
CREATE INDEX oauth_refresh_tokens_by_revocation ON oauth_refresh_tokens (revoked_at)
  WHERE expires_at IS NULL AND revoked_at IS NOT NULL;
-- Keys in use: WHERE token_key_id IS NOT NULL
CREATE INDEX oauth_refresh_tokens_by_key ON oauth_refresh_tokens (token_key_id) WHERE token_key_id IS NOT NULL;

CREATE TABLE oauth_device_codes (
  id                 TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  version            BIGINT           NOT NULL CHECK (version >= 1),
  device_code        BYTEA            NOT NULL UNIQUE CHECK (length(device_code) = 32),
  device_code_key_id TEXT COLLATE "C",
  user_code          BYTEA            NOT NULL UNIQUE CHECK (length(user_code) = 32),
  user_code_key_id   TEXT COLLATE "C",
  client_id          TEXT COLLATE "C" NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
  user_id            TEXT COLLATE "C",
  authorization_id   TEXT COLLATE "C" NOT NULL REFERENCES oauth_authorizations (id) ON DELETE CASCADE,
  scopes             TEXT COLLATE "C" NOT NULL,
  expires_at         BIGINT           NOT NULL,
  poll_interval      BIGINT           NOT NULL CHECK (poll_interval >= 1),
  state              TEXT COLLATE "C" NOT NULL CHECK (state IN ('PENDING', 'APPROVED', 'DENIED', 'CONSUMED')),
  decided_attempt    TEXT COLLATE "C",
  consumed_attempt   TEXT COLLATE "C",
  last_polled_at     BIGINT,
  polled_attempt     TEXT COLLATE "C",
  polled_too_soon    BIGINT           CHECK (polled_too_soon IN (0, 1)),
  created_at         BIGINT           NOT NULL,
  created_by         TEXT COLLATE "C" NOT NULL,
  updated_at         BIGINT           NOT NULL,
  updated_by         TEXT COLLATE "C" NOT NULL
);

-- The cascade from oauth_clients: WHERE client_id = ?
CREATE INDEX oauth_device_codes_by_client ON oauth_device_codes (client_id);
-- The cascade from oauth_authorizations, and whether a root has children: WHERE authorization_id = ?
CREATE INDEX oauth_device_codes_by_authorization ON oauth_device_codes (authorization_id);
-- Purge: WHERE expires_at < ?
CREATE INDEX oauth_device_codes_by_expiry ON oauth_device_codes (expires_at);
-- Keys in use: WHERE device_code_key_id IS NOT NULL AND expires_at > ?
CREATE INDEX oauth_device_codes_by_device_key ON oauth_device_codes (device_code_key_id, expires_at)
  WHERE device_code_key_id IS NOT NULL;
-- Keys in use: WHERE user_code_key_id IS NOT NULL AND expires_at > ?
CREATE INDEX oauth_device_codes_by_user_key ON oauth_device_codes (user_code_key_id, expires_at)
  WHERE user_code_key_id IS NOT NULL;

-- Evidence. No foreign keys: it outlives what it speaks of. The role that a server runs as is granted SELECT and INSERT alone;
-- the trigger below stops whoever has more.
CREATE TABLE oauth_audit_log (
  id            TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  event_type    TEXT COLLATE "C" NOT NULL,
  subject       TEXT COLLATE "C",
  client_id     TEXT COLLATE "C",
  user_id       TEXT COLLATE "C",
  ray_id        TEXT COLLATE "C" NOT NULL,
  metadata      TEXT COLLATE "C" NOT NULL CHECK (metadata::json IS NOT NULL),
  created_at    BIGINT           NOT NULL,
  created_by    TEXT COLLATE "C" NOT NULL,
  chain         TEXT COLLATE "C",
  sequence      BIGINT,
  previous_hash TEXT COLLATE "C",
  hash          TEXT COLLATE "C"
);

-- The entries of a request: WHERE ray_id = ? AND (created_at, id) > (?, ?) ORDER BY created_at, id
CREATE INDEX oauth_audit_log_by_ray ON oauth_audit_log (ray_id, created_at, id);
-- The entries of a time: WHERE created_at < ? AND (created_at, id) > (?, ?) ORDER BY created_at, id
CREATE INDEX oauth_audit_log_by_time ON oauth_audit_log (created_at, id);

CREATE FUNCTION oauth_audit_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_log is append-only';
END $$;

CREATE TRIGGER oauth_audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON oauth_audit_log
FOR EACH STATEMENT EXECUTE FUNCTION oauth_audit_log_refuse();
