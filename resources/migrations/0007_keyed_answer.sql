-- Schema 7: what stands beside an exhibit says whether its answer is a keyed signature's, whose score and
-- threshold are -log10 of p-values. The program fills it in from the records of the examinations.

ALTER TABLE work ADD COLUMN keyed BIGINT NOT NULL DEFAULT 0;
