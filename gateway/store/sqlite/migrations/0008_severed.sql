-- Whose own number a severed person's is: asked of every message that names a number (safety.md 14).
CREATE INDEX persons_severed ON persons (nhs_number) WHERE state = 3;
