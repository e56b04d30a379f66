-- Keys that servers sign with, and users who can sign in. The conventions are those of V1.

-- Few. The private part is sealed by a key that is not in the database.
CREATE TABLE oauth_signing_keys (
  id         TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  version    BIGINT           NOT NULL CHECK (version >= 1),
  algorithm  TEXT COLLATE "C" NOT NULL,
  public_key TEXT COLLATE "C" NOT NULL,
  sealed_key TEXT COLLATE "C" NOT NULL,
  retired_at BIGINT,
  expires_at BIGINT,
  created_at BIGINT           NOT NULL,
  created_by TEXT COLLATE "C" NOT NULL,
  updated_at BIGINT           NOT NULL,
  updated_by TEXT COLLATE "C" NOT NULL
);

-- What users grant names them by their username, by no foreign key: they may as well be kept elsewhere.
CREATE TABLE oauth_users (
  id          TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  version     BIGINT           NOT NULL CHECK (version >= 1),
  username    TEXT COLLATE "C" NOT NULL UNIQUE,
  password    TEXT COLLATE "C" NOT NULL CHECK (password LIKE '{%}_%'),
  claims      TEXT COLLATE "C" NOT NULL CHECK (claims::json IS NOT NULL),
  disabled_at BIGINT,
  created_at  BIGINT           NOT NULL,
  created_by  TEXT COLLATE "C" NOT NULL,
  updated_at  BIGINT           NOT NULL,
  updated_by  TEXT COLLATE "C" NOT NULL
);
