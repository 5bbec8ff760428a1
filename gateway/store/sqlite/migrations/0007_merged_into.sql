-- Which identity of its source this one was merged into, in the source's own words. NULL: into none.
ALTER TABLE identities ADD COLUMN merged_into BLOB;
