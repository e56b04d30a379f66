-- The chains of the audit log, of storages that are opened with keys; docs/audit.md says what they prove.

-- A chain has each sequence once. The entries in the order of their chains:
-- WHERE chain IS NOT NULL AND sequence IS NOT NULL AND (chain, sequence) > (?, ?) ORDER BY chain, sequence
CREATE UNIQUE INDEX oauth_audit_log_by_chain ON oauth_audit_log (chain, sequence) WHERE chain IS NOT NULL;

-- As oauth_audit_log_no_replace: that index is one more key by which INSERT OR REPLACE would delete an entry.
CREATE TRIGGER oauth_audit_log_no_replace_in_chain BEFORE INSERT ON oauth_audit_log
WHEN NEW.chain IS NOT NULL
 AND EXISTS (SELECT 1 FROM oauth_audit_log WHERE chain = NEW.chain AND sequence = NEW.sequence)
BEGIN
  SELECT RAISE(ABORT, 'UNIQUE constraint failed: oauth_audit_log.chain, oauth_audit_log.sequence');
END;

-- Where each chain stands that no opening has recorded yet, so that a new chain finds the heads of others at once. Nothing that
-- verifies the log looks at it. turn grows with each group, so a chain that has ended comes before those that go on.
CREATE TABLE oauth_audit_heads (
  chain    TEXT    NOT NULL PRIMARY KEY,
  sequence INTEGER NOT NULL,
  link     TEXT    NOT NULL,
  turn     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The heads that the next opening records, and the last turn: WHERE turn >= ? ORDER BY turn, chain
CREATE INDEX oauth_audit_heads_by_turn ON oauth_audit_heads (turn);
