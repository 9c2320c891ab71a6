-- Attempts that failed or were lost; those handed back in good order do not count against the limit.
ALTER TABLE jobs ADD COLUMN spent INTEGER NOT NULL DEFAULT 0;
