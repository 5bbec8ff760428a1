-- Which entries of its source an entry refers to, by their source keys: beside the bytes, since a key is never disclosed.
-- NULL: none.
ALTER TABLE entries ADD COLUMN links BLOB;
