-- A message may speak of several patients: what became of each (packed), and whose a queue item is. NULL: of one alone.
ALTER TABLE journal ADD COLUMN patients BLOB;
ALTER TABLE queue ADD COLUMN patient INTEGER;
