-- The schema of qscope on SQLite: public API, usable by hand.
--
-- Instants are milliseconds since 1970-01-01T00:00Z, durations are seconds, booleans are 0 and 1. Codes, tokens and user
-- codes are held as digests of 32 bytes (SHA-256, or an HMAC by the key that …_key_id names), never as they were issued.
-- Scopes are separated by spaces (RFC 6749 §3.3); other lists and maps are JSON. …_attempt is the id of the attempt that
-- made the transition beside it, so that a repeat is recognised.
--
-- Each index stands below its table with the query that needs it. Primary and unique keys bring their own.

CREATE TABLE oauth_clients (
  id                                TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  version                           INTEGER NOT NULL CHECK (version >= 1),
  client_identifier                 TEXT    NOT NULL UNIQUE,
  client_secret                     TEXT    CHECK (client_secret LIKE '{%}_%'),
  previous_client_secret            TEXT    CHECK (previous_client_secret LIKE '{%}_%'),
  previous_client_secret_expires_at INTEGER,
  is_confidential                   INTEGER NOT NULL CHECK (is_confidential IN (0, 1)),
  redirect_uris                     TEXT    NOT NULL CHECK (json_valid(redirect_uris)),
  grant_types                       TEXT    NOT NULL CHECK (json_valid(grant_types)),
  scopes                            TEXT    NOT NULL,
  is_enabled                        INTEGER NOT NULL CHECK (is_enabled IN (0, 1)),
  config                            TEXT    NOT NULL CHECK (json_valid(config)),
  created_at                        INTEGER NOT NULL,
  created_by                        TEXT    NOT NULL,
  updated_at                        INTEGER NOT NULL,
  updated_by                        TEXT    NOT NULL
) STRICT;

-- The root of a family: its codes and tokens are live only while revoked_at is null.
CREATE TABLE oauth_authorizations (
  id              TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  version         INTEGER NOT NULL CHECK (version >= 1),
  client_id       TEXT    NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
  user_id         TEXT,
  scopes          TEXT    NOT NULL,
  attributes      TEXT    NOT NULL CHECK (json_valid(attributes)),
  revoked_at      INTEGER,
  revoked_attempt TEXT,
  created_at      INTEGER NOT NULL,
  created_by      TEXT    NOT NULL,
  updated_at      INTEGER NOT NULL,
  updated_by      TEXT    NOT NULL
) STRICT;

-- Listing and revoking by client, and the cascade from oauth_clients: WHERE client_id = ? AND id > ? ORDER BY id
CREATE INDEX oauth_authorizations_by_client ON oauth_authorizations (client_id, id);
-- Listing and revoking by user: WHERE user_id = ? AND id > ? ORDER BY id
CREATE INDEX oauth_authorizations_by_user ON oauth_authorizations (user_id, id) WHERE user_id IS NOT NULL;
-- Purge of roots without children: WHERE updated_at < ?
CREATE INDEX oauth_authorizations_by_update ON oauth_authorizations (updated_at);
-- Purge of refresh tokens whose root was revoked: WHERE revoked_at < ?
CREATE INDEX oauth_authorizations_by_revocation ON oauth_authorizations (revoked_at) WHERE revoked_at IS NOT NULL;

CREATE TABLE oauth_authorization_codes (
  id                    TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  version               INTEGER NOT NULL CHECK (version >= 1),
  code                  BLOB    NOT NULL UNIQUE CHECK (length(code) = 32),
  code_key_id           TEXT,
  client_id             TEXT    NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
  user_id               TEXT    NOT NULL,
  authorization_id      TEXT    NOT NULL REFERENCES oauth_authorizations (id) ON DELETE CASCADE,
  redirect_uri          TEXT,
  scopes                TEXT    NOT NULL,
  code_challenge        TEXT,
  code_challenge_method TEXT,
  expires_at            INTEGER NOT NULL,
  consumed_at           INTEGER,
  consumed_attempt      TEXT,
  metadata              TEXT    NOT NULL CHECK (json_valid(metadata)),
  created_at            INTEGER NOT NULL,
  created_by            TEXT    NOT NULL,
  updated_at            INTEGER NOT NULL,
  updated_by            TEXT    NOT NULL
) STRICT;

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
  id               TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  version          INTEGER NOT NULL CHECK (version >= 1),
  token            BLOB    NOT NULL UNIQUE CHECK (length(token) = 32),
  token_key_id     TEXT,
  client_id        TEXT    NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
  user_id          TEXT,
  authorization_id TEXT    REFERENCES oauth_authorizations (id) ON DELETE CASCADE,
  refresh_token_id TEXT,
  scopes           TEXT    NOT NULL,
  expires_at       INTEGER NOT NULL,
  revoked_at       INTEGER,
  revoked_attempt  TEXT,
  metadata         TEXT    NOT NULL CHECK (json_valid(metadata)),
  created_at       INTEGER NOT NULL,
  created_by       TEXT    NOT NULL,
  updated_at       INTEGER NOT NULL,
  updated_by       TEXT    NOT NULL
) STRICT;

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
  id               TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  version          INTEGER NOT NULL CHECK (version >= 1),
  token            BLOB    NOT NULL UNIQUE CHECK (length(token) = 32),
  token_key_id     TEXT,
  client_id        TEXT    NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
  user_id          TEXT,
  authorization_id TEXT    NOT NULL REFERENCES oauth_authorizations (id) ON DELETE CASCADE,
  predecessor_id   TEXT,
  made_attempt     TEXT,
  scopes           TEXT    NOT NULL,
  expires_at       INTEGER,
  rotated_at       INTEGER,
  rotated_attempt  TEXT,
  grace_uses       INTEGER NOT NULL CHECK (grace_uses >= 0),
  revoked_at       INTEGER,
  revoked_attempt  TEXT,
  metadata         TEXT    NOT NULL CHECK (json_valid(metadata)),
  created_at       INTEGER NOT NULL,
  created_by       TEXT    NOT NULL,
  updated_at       INTEGER NOT NULL,
  updated_by       TEXT    NOT NULL
) STRICT;

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
  id                 TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  version            INTEGER NOT NULL CHECK (version >= 1),
  device_code        BLOB    NOT NULL UNIQUE CHECK (length(device_code) = 32),
  device_code_key_id TEXT,
  user_code          BLOB    NOT NULL UNIQUE CHECK (length(user_code) = 32),
  user_code_key_id   TEXT,
  client_id          TEXT    NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
  user_id            TEXT,
  authorization_id   TEXT    NOT NULL REFERENCES oauth_authorizations (id) ON DELETE CASCADE,
  scopes             TEXT    NOT NULL,
  expires_at         INTEGER NOT NULL,
  poll_interval      INTEGER NOT NULL CHECK (poll_interval >= 1),
  state              TEXT    NOT NULL CHECK (state IN ('PENDING', 'APPROVED', 'DENIED', 'CONSUMED')),
  decided_attempt    TEXT,
  consumed_attempt   TEXT,
  last_polled_at     INTEGER,
  polled_attempt     TEXT,
  polled_too_soon    INTEGER CHECK (polled_too_soon IN (0, 1)),
  created_at         INTEGER NOT NULL,
  created_by         TEXT    NOT NULL,
  updated_at         INTEGER NOT NULL,
  updated_by         TEXT    NOT NULL
) STRICT;

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

-- Evidence. No foreign keys: it outlives what it speaks of. Without a rowid, so that its id is the only key by which an entry
-- could be replaced.
CREATE TABLE oauth_audit_log (
  id            TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  event_type    TEXT    NOT NULL,
  subject       TEXT,
  client_id     TEXT,
  user_id       TEXT,
  ray_id        TEXT    NOT NULL,
  metadata      TEXT    NOT NULL CHECK (json_valid(metadata)),
  created_at    INTEGER NOT NULL,
  created_by    TEXT    NOT NULL,
  chain         TEXT,
  sequence      INTEGER,
  previous_hash TEXT,
  hash          TEXT
) STRICT, WITHOUT ROWID;

-- The entries of a request: WHERE ray_id = ? AND (created_at, id) > (?, ?) ORDER BY created_at, id
CREATE INDEX oauth_audit_log_by_ray ON oauth_audit_log (ray_id, created_at, id);
-- The entries of a time: WHERE created_at < ? AND (created_at, id) > (?, ?) ORDER BY created_at, id
CREATE INDEX oauth_audit_log_by_time ON oauth_audit_log (created_at, id);

CREATE TRIGGER oauth_audit_log_no_update BEFORE UPDATE ON oauth_audit_log
BEGIN
  SELECT RAISE(ABORT, 'audit_log is append-only');
END;

CREATE TRIGGER oauth_audit_log_no_delete BEFORE DELETE ON oauth_audit_log
BEGIN
  SELECT RAISE(ABORT, 'audit_log is append-only');
END;

-- INSERT OR REPLACE deletes without firing the trigger above, unless its connection sets recursive_triggers.
CREATE TRIGGER oauth_audit_log_no_replace BEFORE INSERT ON oauth_audit_log
WHEN EXISTS (SELECT 1 FROM oauth_audit_log WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'UNIQUE constraint failed: oauth_audit_log.id');
END;
