-- For whom a message speaks (NULL: it was refused before that was known, or is of before), and when a person was done with one that
-- was refused or quarantined (NULL: nobody was).
ALTER TABLE journal ADD COLUMN organisation TEXT;
ALTER TABLE journal ADD COLUMN done INTEGER;
CREATE INDEX journal_open ON journal (seq) WHERE done IS NULL AND disposition IN ('rejected', 'quarantined');

-- Sums over the journal by feed, organisation, outcome and reason, kept with each row of it; those of the rows of before are made
-- when this migration is applied (migrations.cc). `open`: with which nobody is done.
CREATE TABLE counts (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  feed TEXT NOT NULL,
  organisation TEXT NOT NULL,
  disposition TEXT NOT NULL,
  error TEXT NOT NULL,
  messages INTEGER NOT NULL,
  open INTEGER NOT NULL,
  last_received INTEGER NOT NULL,
  UNIQUE (feed, organisation, disposition, error)
) STRICT;

-- What a source said again of an identity as it stood, withdrew although it was not there, or sent a whole section of: a message
-- that is read later than it came is held against it. `sections`: a bit for each, `keys`: 8 bytes of SHA-256 for each source key.
CREATE TABLE said_again (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  identity BLOB NOT NULL REFERENCES identities (id),
  at INTEGER NOT NULL,
  sections INTEGER NOT NULL,
  keys BLOB NOT NULL
) STRICT;
CREATE INDEX said_again_by_identity ON said_again (identity, at);

-- What a person did about a message that was refused or quarantined.
CREATE TABLE mendings (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  message BLOB NOT NULL,
  act TEXT NOT NULL,            -- corrected, replayed, closed
  by TEXT NOT NULL,
  reason TEXT NOT NULL,         -- a code of the policy
  error TEXT NOT NULL,          -- why it had been refused or quarantined
  at INTEGER NOT NULL,
  correction BLOB               -- the message that says it right
) STRICT;
CREATE INDEX mendings_by_message ON mendings (message);
CREATE INDEX mendings_by_correction ON mendings (correction) WHERE correction IS NOT NULL;
