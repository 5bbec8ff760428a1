-- What a trace finds people by who are named by no number (identify/TRACE.md). A row for each pair of a family name and a first given
-- name, and for each postcode; birth_date is '' where none is known. The rows are made anew from the identities with this migration
-- (migrations.cc), for SQL alone cannot say how a name sounds.
ALTER TABLE folded_names ADD COLUMN sound TEXT;
ALTER TABLE folded_names ADD COLUMN given TEXT;
ALTER TABLE folded_names ADD COLUMN postcode TEXT;
DROP INDEX folded_names_by_family;
CREATE INDEX folded_names_by_family ON folded_names (birth_date, sound, family);
CREATE INDEX folded_names_by_given ON folded_names (birth_date, given);
CREATE INDEX folded_names_by_postcode ON folded_names (postcode, family) WHERE postcode IS NOT NULL;

-- Why a link was made, where demographics were weighed for it (packed, keys and points alone). NULL: they were not.
ALTER TABLE links ADD COLUMN why BLOB;

-- Identities of which an officer said that they are two people.
CREATE TABLE apart (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  one BLOB NOT NULL REFERENCES identities (id),
  other BLOB NOT NULL REFERENCES identities (id),
  by TEXT NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (one, other)
) STRICT;
CREATE INDEX apart_by_other ON apart (other);

-- Whether somebody was asked of an identity before: rows of match reviews alone.
CREATE INDEX queue_matches ON queue (identity) WHERE kind = 12;
