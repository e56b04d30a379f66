-- ID tokens, authorization requests that wait for their answer, and metadata of device codes. The conventions are those of V1.

ALTER TABLE oauth_device_codes ADD COLUMN
  metadata TEXT COLLATE "C" NOT NULL DEFAULT '{}' CHECK (metadata::json IS NOT NULL);

-- Live while the root is. Claims are part of the metadata.
CREATE TABLE oauth_id_tokens (
  id               TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  version          BIGINT           NOT NULL CHECK (version >= 1),
  token            BYTEA            NOT NULL UNIQUE CHECK (length(token) = 32),
  token_key_id     TEXT COLLATE "C",
  client_id        TEXT COLLATE "C" NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
  user_id          TEXT COLLATE "C" NOT NULL,
  authorization_id TEXT COLLATE "C" NOT NULL REFERENCES oauth_authorizations (id) ON DELETE CASCADE,
  expires_at       BIGINT           NOT NULL,
  metadata         TEXT COLLATE "C" NOT NULL CHECK (metadata::json IS NOT NULL),
  created_at       BIGINT           NOT NULL,
  created_by       TEXT COLLATE "C" NOT NULL,
  updated_at       BIGINT           NOT NULL,
  updated_by       TEXT COLLATE "C" NOT NULL
);

-- The cascade from oauth_clients: WHERE client_id = ?
CREATE INDEX oauth_id_tokens_by_client ON oauth_id_tokens (client_id);
-- The cascade from oauth_authorizations, whether a root has children, and listing a family:
-- WHERE authorization_id = ? AND id > ? ORDER BY id
CREATE INDEX oauth_id_tokens_by_authorization ON oauth_id_tokens (authorization_id, id);
-- Purge: WHERE expires_at < ?
CREATE INDEX oauth_id_tokens_by_expiry ON oauth_id_tokens (expires_at);
-- Keys in use: WHERE token_key_id IS NOT NULL AND expires_at > ?
CREATE INDEX oauth_id_tokens_by_key ON oauth_id_tokens (token_key_id, expires_at) WHERE token_key_id IS NOT NULL;

-- Requests that clients have pushed (RFC 9126), and those whose user is being asked for consent: each good for one use.
CREATE TABLE oauth_authorization_requests (
  id               TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  version          BIGINT           NOT NULL CHECK (version >= 1),
  handle           BYTEA            NOT NULL UNIQUE CHECK (length(handle) = 32),
  handle_key_id    TEXT COLLATE "C",
  client_id        TEXT COLLATE "C" NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
  user_id          TEXT COLLATE "C",
  authorization_id TEXT COLLATE "C" NOT NULL REFERENCES oauth_authorizations (id) ON DELETE CASCADE,
  parameters       TEXT COLLATE "C" NOT NULL CHECK (parameters::json IS NOT NULL),
  expires_at       BIGINT           NOT NULL,
  consumed_at      BIGINT,
  consumed_attempt TEXT COLLATE "C",
  created_at       BIGINT           NOT NULL,
  created_by       TEXT COLLATE "C" NOT NULL,
  updated_at       BIGINT           NOT NULL,
  updated_by       TEXT COLLATE "C" NOT NULL
);

-- The cascade from oauth_clients: WHERE client_id = ?
CREATE INDEX oauth_authorization_requests_by_client ON oauth_authorization_requests (client_id);
-- The cascade from oauth_authorizations, whether a root has children, and listing a family:
-- WHERE authorization_id = ? AND id > ? ORDER BY id
CREATE INDEX oauth_authorization_requests_by_authorization ON oauth_authorization_requests (authorization_id, id);
-- Purge: WHERE expires_at < ?
CREATE INDEX oauth_authorization_requests_by_expiry ON oauth_authorization_requests (expires_at);
-- Keys in use: WHERE handle_key_id IS NOT NULL AND expires_at > ?
CREATE INDEX oauth_authorization_requests_by_key ON oauth_authorization_requests (handle_key_id, expires_at)
  WHERE handle_key_id IS NOT NULL;
