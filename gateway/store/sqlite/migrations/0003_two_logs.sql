-- What speaks of audit leaves names the log too, and the event: two logs number their leaves alike.
-- NULL in the rows of before, whose seals say nothing of these columns.
ALTER TABLE queue ADD COLUMN leaf_origin TEXT;
ALTER TABLE queue ADD COLUMN leaf_event BLOB;
DROP INDEX queue_by_leaf;
CREATE UNIQUE INDEX queue_by_cause ON queue (leaf_event, kind, reason, organisation)
  WHERE leaf_event IS NOT NULL;

-- Newest first over both logs.
DROP INDEX trail_by_leaf;
DROP INDEX trail_by_nhs_number;
DROP INDEX trail_by_user;
CREATE INDEX trail_by_time ON trail (at, origin, leaf);
CREATE INDEX trail_by_nhs_number ON trail (nhs_number, at, origin, leaf);
CREATE INDEX trail_by_user ON trail (user, at, origin, leaf);

-- The tree of each log, as it was last read: what the log is held against when it is opened.
CREATE TABLE heads (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  origin TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  root BLOB NOT NULL,
  noted INTEGER NOT NULL
) STRICT;
