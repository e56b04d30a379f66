-- The chains of the audit log, of storages that are opened with keys; docs/audit.md says what they prove.

-- A chain has each sequence once. The entries in the order of their chains:
-- WHERE chain IS NOT NULL AND sequence IS NOT NULL AND (chain, sequence) > (?, ?) ORDER BY chain, sequence
CREATE UNIQUE INDEX oauth_audit_log_by_chain ON oauth_audit_log (chain, sequence) WHERE chain IS NOT NULL;

-- Where each chain stands that no opening has recorded yet, so that a new chain finds the heads of others at once. Nothing that
-- verifies the log looks at it. turn grows with each group, so a chain that has ended comes before those that go on.
CREATE TABLE oauth_audit_heads (
  chain    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  sequence BIGINT           NOT NULL,
  link     TEXT COLLATE "C" NOT NULL,
  turn     BIGINT           NOT NULL
);

-- The heads that the next opening records, and the last turn: WHERE turn >= ? ORDER BY turn, chain
CREATE INDEX oauth_audit_heads_by_turn ON oauth_audit_heads (turn);
