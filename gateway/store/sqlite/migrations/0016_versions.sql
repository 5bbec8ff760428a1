-- Which version its source gave, or ended, last of what stands under a key (16 bytes of its digest), or of a document whole.
CREATE TABLE versions (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  identity BLOB NOT NULL REFERENCES identities (id),
  key BLOB NOT NULL,
  version BLOB NOT NULL,
  UNIQUE (identity, key)
) STRICT;
