-- Keys that servers sign with, and users who can sign in. The conventions are those of V1.

-- Few. The private part is sealed by a key that is not in the database.
CREATE TABLE oauth_signing_keys (
  id         TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  version    INTEGER NOT NULL CHECK (version >= 1),
  algorithm  TEXT    NOT NULL,
  public_key TEXT    NOT NULL,
  sealed_key TEXT    NOT NULL,
  retired_at INTEGER,
  expires_at INTEGER,
  created_at INTEGER NOT NULL,
  created_by TEXT    NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT    NOT NULL
) STRICT;

-- What users grant names them by their username, by no foreign key: they may as well be kept elsewhere.
CREATE TABLE oauth_users (
  id          TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 100),
  version     INTEGER NOT NULL CHECK (version >= 1),
  username    TEXT    NOT NULL UNIQUE,
  password    TEXT    NOT NULL CHECK (password LIKE '{%}_%'),
  claims      TEXT    NOT NULL CHECK (json_valid(claims)),
  disabled_at INTEGER,
  created_at  INTEGER NOT NULL,
  created_by  TEXT    NOT NULL,
  updated_at  INTEGER NOT NULL,
  updated_by  TEXT    NOT NULL
) STRICT;
