-- Evidence is looked for by its reference among that of one owner, of whom there may be much.
CREATE TABLE evidence_by_reference (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  owner BLOB NOT NULL,
  owner_kind INTEGER NOT NULL,
  id BLOB NOT NULL UNIQUE,
  kind INTEGER NOT NULL,
  organisation TEXT NOT NULL,
  reference TEXT NOT NULL,
  user TEXT NOT NULL,
  began INTEGER NOT NULL,
  ended INTEGER,
  said_by TEXT NOT NULL,
  UNIQUE (owner, reference, kind, organisation, user)
) STRICT;
INSERT INTO evidence_by_reference SELECT * FROM evidence ORDER BY seq;
DROP TABLE evidence;
ALTER TABLE evidence_by_reference RENAME TO evidence;
