-- Whose doing a review looks at, and why a notice to the person waits. NULL: nobody's, nothing; so in the rows of before, whose
-- seals say nothing of these columns.
ALTER TABLE queue ADD COLUMN caused_by TEXT;
ALTER TABLE queue ADD COLUMN held_for BLOB;
