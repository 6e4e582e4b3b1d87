-- Schema 6: what stands beside an exhibit says whether its code passed a check of its own. The program fills it
-- in from the records of the examinations.

ALTER TABLE work ADD COLUMN code_checked BIGINT NOT NULL DEFAULT 0;
