-- By what an entry is known again when another source tells of the same (record/likeness.h), packed. NULL: it is not compared.
ALTER TABLE entries ADD COLUMN likeness BLOB;
