-- Every table: `seq`, the row's number; `seal`, a salt and the salted SHA-256 of the columns after
-- it (inside/seal.h); then the columns. Times are microseconds since 1970 in UTC; ids are the 16
-- bytes of a UUID; a BLOB named after what it holds is packed as inside/pack.h says.

PRAGMA application_id = 0x4D434153;  -- "MCAS"

CREATE TABLE journal (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  id BLOB NOT NULL UNIQUE,
  feed TEXT NOT NULL,
  control_id TEXT NOT NULL,
  event TEXT NOT NULL,
  sender TEXT NOT NULL,
  disposition TEXT NOT NULL,
  error_name TEXT NOT NULL,
  error_place TEXT NOT NULL,
  error_advice TEXT NOT NULL,
  received INTEGER NOT NULL,
  digest BLOB NOT NULL,         -- SHA-256 of the message's bytes
  entries INTEGER NOT NULL,
  not_carried BLOB NOT NULL
) STRICT;
CREATE INDEX journal_by_control_id ON journal (feed, control_id, received);

-- Apart from their row, so that a look-up never reads them. Never changed.
CREATE TABLE journal_bytes (
  seq INTEGER PRIMARY KEY REFERENCES journal (seq),
  seal BLOB NOT NULL,
  message BLOB NOT NULL,
  encoding_version INTEGER NOT NULL,
  key_id INTEGER NOT NULL,      -- 0: the disk's encryption
  bytes BLOB NOT NULL
) STRICT;

-- Sums over the journal, kept with each row of it.
CREATE TABLE feeds (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  feed TEXT NOT NULL,
  disposition TEXT NOT NULL,
  messages INTEGER NOT NULL,
  last_received INTEGER NOT NULL,
  UNIQUE (feed, disposition)
) STRICT;

CREATE TABLE persons (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  id BLOB NOT NULL UNIQUE,
  nhs_number TEXT,
  state INTEGER NOT NULL,
  under_merge_review INTEGER NOT NULL,
  record_version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX persons_by_nhs_number ON persons (nhs_number) WHERE state = 1;

CREATE TABLE identities (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  id BLOB NOT NULL UNIQUE,
  person BLOB NOT NULL REFERENCES persons (id),
  source TEXT NOT NULL,
  nhs_number TEXT,
  shareable INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  claim BLOB NOT NULL
) STRICT;
CREATE INDEX identities_by_person ON identities (person);
CREATE INDEX identities_by_nhs_number ON identities (nhs_number);

CREATE TABLE local_identifiers (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  identity BLOB NOT NULL REFERENCES identities (id),
  source TEXT NOT NULL,
  authority TEXT NOT NULL,
  type TEXT NOT NULL,
  value TEXT NOT NULL
) STRICT;
CREATE INDEX local_identifiers_by_value ON local_identifiers (value, authority, type, source);
CREATE INDEX local_identifiers_by_identity ON local_identifiers (identity);

-- What an officer's candidates are found by.
CREATE TABLE folded_names (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  identity BLOB NOT NULL REFERENCES identities (id),
  birth_date TEXT NOT NULL,
  family TEXT NOT NULL
) STRICT;
CREATE INDEX folded_names_by_family ON folded_names (birth_date, family);
CREATE INDEX folded_names_by_identity ON folded_names (identity);

CREATE TABLE links (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  identity BLOB NOT NULL REFERENCES identities (id),
  from_person BLOB NOT NULL,
  to_person BLOB NOT NULL REFERENCES persons (id),
  reason TEXT NOT NULL,
  by TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX links_by_identity ON links (identity);
CREATE INDEX links_by_from ON links (from_person);
CREATE INDEX links_by_to ON links (to_person);

-- What entries have in common, named by `seq`. `class` says kCurrent: the entry holds its standing.
CREATE TABLE classes (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  class BLOB NOT NULL UNIQUE
) STRICT;

-- Never overwritten but for `standing` and `ended`.
CREATE TABLE entries (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  id BLOB NOT NULL UNIQUE,
  identity BLOB NOT NULL REFERENCES identities (id),
  message BLOB NOT NULL,
  source_key TEXT NOT NULL,
  class INTEGER NOT NULL REFERENCES classes (seq),
  standing INTEGER NOT NULL,
  effective INTEGER,
  stored INTEGER NOT NULL,
  ended INTEGER,                -- when it ceased to be current
  encoding_version INTEGER NOT NULL,
  key_id INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE INDEX entries_by_key ON entries (identity, standing, source_key);

CREATE TABLE statements (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  identity BLOB NOT NULL REFERENCES identities (id),
  source TEXT NOT NULL,
  section INTEGER NOT NULL,
  stored INTEGER NOT NULL,
  encoding_version INTEGER NOT NULL,
  key_id INTEGER NOT NULL,
  statement BLOB NOT NULL,
  UNIQUE (identity, source, section)
) STRICT;

-- When each source last gave anything for an identity.
CREATE TABLE sources (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  identity BLOB NOT NULL REFERENCES identities (id),
  source TEXT NOT NULL,
  last INTEGER NOT NULL,
  UNIQUE (identity, source)
) STRICT;

-- Facts: `owner` is the id of an identity (`owner_kind` 1) or of a person (2).
CREATE TABLE evidence (
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
  UNIQUE (owner, kind, organisation, reference, user)
) STRICT;

CREATE TABLE consents (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  owner BLOB NOT NULL,
  owner_kind INTEGER NOT NULL,
  id BLOB NOT NULL UNIQUE,
  recorded INTEGER NOT NULL,
  withdrawn INTEGER,
  withdrawn_by TEXT,
  encoding_version INTEGER NOT NULL,
  key_id INTEGER NOT NULL,
  consent BLOB NOT NULL
) STRICT;
CREATE INDEX consents_by_owner ON consents (owner);

CREATE TABLE location_flags (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  owner BLOB NOT NULL,
  owner_kind INTEGER NOT NULL,
  said_by TEXT NOT NULL,
  level INTEGER NOT NULL,
  as_of INTEGER NOT NULL,
  UNIQUE (owner, said_by)
) STRICT;

CREATE TABLE queue (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  id BLOB NOT NULL UNIQUE,
  kind INTEGER NOT NULL,
  message BLOB,
  identity BLOB,
  person BLOB,
  candidates BLOB NOT NULL,
  leaf INTEGER,
  organisation TEXT NOT NULL,
  reason TEXT NOT NULL,
  opened INTEGER NOT NULL,
  due INTEGER,
  closed INTEGER,
  resolution TEXT NOT NULL,
  closed_by TEXT NOT NULL
) STRICT;
CREATE INDEX queue_open ON queue (opened, seq) WHERE closed IS NULL;
CREATE INDEX queue_open_by_identity ON queue (identity) WHERE closed IS NULL;
CREATE INDEX queue_by_leaf ON queue (leaf, kind) WHERE leaf IS NOT NULL;

CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  event BLOB NOT NULL UNIQUE,
  encoding_version INTEGER NOT NULL,
  key_id INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE trail (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  origin TEXT NOT NULL,
  leaf INTEGER NOT NULL,
  event BLOB NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  organisation TEXT NOT NULL,
  user TEXT NOT NULL,
  nhs_number TEXT NOT NULL,
  purpose TEXT NOT NULL,
  outcome TEXT NOT NULL,
  sources BLOB NOT NULL,
  UNIQUE (origin, leaf)
) STRICT;
CREATE INDEX trail_by_leaf ON trail (leaf);
CREATE INDEX trail_by_nhs_number ON trail (nhs_number, leaf);
CREATE INDEX trail_by_user ON trail (user, leaf);

CREATE TABLE trail_sources (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  trail INTEGER NOT NULL REFERENCES trail (seq),
  source TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX trail_sources_by_trail ON trail_sources (trail, source);
