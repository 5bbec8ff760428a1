-- By which rules what is stored was labelled: the last row counts. Entries up to `upto` were there when these rules came into force, and
-- those up to `looked_to` were looked at since; whatever has a higher number was labelled by them when it came (store/labels.h).
CREATE TABLE labellings (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  rules BLOB NOT NULL,
  upto INTEGER NOT NULL,
  looked_to INTEGER NOT NULL,
  looked_at INTEGER NOT NULL,
  gained INTEGER NOT NULL,
  lost INTEGER NOT NULL,
  began INTEGER NOT NULL,
  ended INTEGER
) STRICT;

-- Of its labels, what no rule gave (LabelOrigin, packed). NULL where it has no labels and its source said nothing; with labels it is of
-- before this column, and nobody knows what gave them.
ALTER TABLE entries ADD COLUMN origin BLOB;
