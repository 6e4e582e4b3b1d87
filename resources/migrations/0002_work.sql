-- Schema 2: examination is shared out. A worker holds an exhibit until lease_until_ms (the database's clock, ms
-- since 1970); the answer of the last examination stands beside it, for tables of many exhibits.

CREATE TABLE work (
    evidence_id BIGINT PRIMARY KEY REFERENCES evidence (id),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    worker TEXT NOT NULL,
    lease_until_ms BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    examination_id BIGINT NOT NULL,
    problem TEXT NOT NULL,
    presence TEXT NOT NULL,
    model TEXT NOT NULL,
    score FLOAT NOT NULL,
    threshold FLOAT NOT NULL,
    code TEXT NOT NULL,
    holder TEXT NOT NULL
);

CREATE INDEX work_state ON work (state, evidence_id);

CREATE INDEX evidence_sha256 ON evidence (sha256);

INSERT INTO work SELECT id, 'waiting', '', 0, 0, 0, '', '', '', 0, 0, '', '' FROM evidence;
