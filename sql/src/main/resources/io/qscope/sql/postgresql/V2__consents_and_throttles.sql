-- Consents, and counters against guessing. The conventions are those of V1.

-- What a user lets a client have until revoked_at. Revoked rows stay as history: who consents anew gets a new row.
CREATE TABLE oauth_consents (
  id              TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  version         BIGINT           NOT NULL CHECK (version >= 1),
  client_id       TEXT COLLATE "C" NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
  user_id         TEXT COLLATE "C" NOT NULL,
  scopes          TEXT COLLATE "C" NOT NULL,
  revoked_at      BIGINT,
  revoked_attempt TEXT COLLATE "C",
  created_at      BIGINT           NOT NULL,
  created_by      TEXT COLLATE "C" NOT NULL,
  updated_at      BIGINT           NOT NULL,
  updated_by      TEXT COLLATE "C" NOT NULL
);

-- One live consent for a client and a user, and its lookup: WHERE client_id = ? AND user_id = ? AND revoked_at IS NULL
CREATE UNIQUE INDEX oauth_consents_live ON oauth_consents (client_id, user_id) WHERE revoked_at IS NULL;
-- The cascade from oauth_clients, revoked ones too: WHERE client_id = ?
CREATE INDEX oauth_consents_by_client ON oauth_consents (client_id);
-- Listing by user: WHERE user_id = ? AND id > ? ORDER BY id
CREATE INDEX oauth_consents_by_user ON oauth_consents (user_id, id);
-- Purge: WHERE revoked_at < ?
CREATE INDEX oauth_consents_by_revocation ON oauth_consents (revoked_at) WHERE revoked_at IS NOT NULL;

-- How often something was tried in a window that ends at ends_at. Its key is a digest of what is limited: an address, an
-- account. counted_as is what counted_attempt was told; counted has become less when others took back since.
CREATE TABLE oauth_throttles (
  throttle_key      BYTEA            NOT NULL PRIMARY KEY CHECK (length(throttle_key) = 32),
  counted           BIGINT           NOT NULL CHECK (counted BETWEEN 0 AND 2147483647),
  ends_at           BIGINT           NOT NULL,
  counted_attempt   TEXT COLLATE "C" NOT NULL,
  counted_as        BIGINT           NOT NULL CHECK (counted_as BETWEEN 1 AND 2147483647),
  uncounted_attempt TEXT COLLATE "C"
);

-- Purge: WHERE ends_at < ?
CREATE INDEX oauth_throttles_by_end ON oauth_throttles (ends_at);
