-- Schema 3: what stands beside an exhibit says how its code compares with the registered ones (the words of
-- MatchAnswer; empty: there was nothing to compare), names the nearest holder whatever that answer is, and
-- has the conflicts and warnings of the last examination (one a line). The program fills them in from the
-- records of the examinations.

ALTER TABLE work ADD COLUMN match_answer TEXT NOT NULL DEFAULT '';

ALTER TABLE work ADD COLUMN remarks TEXT NOT NULL DEFAULT '';
