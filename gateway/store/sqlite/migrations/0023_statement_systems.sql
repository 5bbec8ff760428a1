-- What is said of a section is kept for each record system that says it (record/record_system.h). `system`: how its keys begin; NULL:
-- it is of before, and the next word of its source takes its place. The rows keep their seals: a NULL at their end is not sealed.
CREATE TABLE statements_by_system (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  identity BLOB NOT NULL REFERENCES identities (id),
  source TEXT NOT NULL,
  section INTEGER NOT NULL,
  stored INTEGER NOT NULL,
  encoding_version INTEGER NOT NULL,
  key_id INTEGER NOT NULL,
  statement BLOB NOT NULL,
  system TEXT,
  UNIQUE (identity, source, section, system)
) STRICT;
INSERT INTO statements_by_system (seq, seal, identity, source, section, stored, encoding_version, key_id, statement)
  SELECT seq, seal, identity, source, section, stored, encoding_version, key_id, statement FROM statements;
DROP TABLE statements;
ALTER TABLE statements_by_system RENAME TO statements;
