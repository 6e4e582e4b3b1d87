-- Schema 1. Statements are separated by blank lines. {id} is the dialect's self-counting primary key; lines
-- "-- sqlite" and "-- postgresql" begin a part for one of the two, "-- all" ends it.

CREATE TABLE case_info (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    title TEXT NOT NULL,
    number TEXT NOT NULL,
    examiner TEXT NOT NULL,
    organisation TEXT NOT NULL,
    customer TEXT NOT NULL,
    description TEXT NOT NULL,
    created_utc TEXT NOT NULL,
    closed BIGINT NOT NULL,
    fields_json TEXT NOT NULL,
    folder TEXT NOT NULL
);

CREATE TABLE evidence (
    id {id},
    sha256 TEXT NOT NULL,
    md5 TEXT NOT NULL,
    size BIGINT NOT NULL,
    original_path TEXT NOT NULL,
    original_path_hex TEXT NOT NULL,
    copy_path TEXT NOT NULL,
    received_utc TEXT NOT NULL,
    received_by TEXT NOT NULL,
    received_from TEXT NOT NULL,
    modified_utc TEXT NOT NULL,
    duplicate_of BIGINT NOT NULL,
    note TEXT NOT NULL,
    UNIQUE (sha256, original_path, original_path_hex)
);

CREATE TABLE custody_event (
    id {id},
    evidence_id BIGINT NOT NULL REFERENCES evidence (id),
    utc TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    details TEXT NOT NULL
);

CREATE INDEX custody_event_evidence ON custody_event (evidence_id);

CREATE TABLE examination (
    id {id},
    evidence_id BIGINT NOT NULL REFERENCES evidence (id),
    method TEXT NOT NULL,
    method_version TEXT NOT NULL,
    models_json TEXT NOT NULL,
    params_json TEXT NOT NULL,
    device TEXT NOT NULL,
    host TEXT NOT NULL,
    examiner TEXT NOT NULL,
    started_utc TEXT NOT NULL,
    finished_utc TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'failed')),
    problem TEXT NOT NULL,
    record_json TEXT NOT NULL
);

CREATE INDEX examination_evidence ON examination (evidence_id);

CREATE TABLE result_scalar (
    examination_id BIGINT NOT NULL REFERENCES examination (id),
    model TEXT NOT NULL,
    name TEXT NOT NULL,
    value FLOAT NOT NULL,
    PRIMARY KEY (examination_id, model, name)
);

CREATE TABLE result_code (
    examination_id BIGINT NOT NULL REFERENCES examination (id),
    model TEXT NOT NULL,
    code TEXT NOT NULL,
    bits BIGINT NOT NULL,
    matched BIGINT NOT NULL,
    log10_p FLOAT NOT NULL,
    holder TEXT NOT NULL,
    PRIMARY KEY (examination_id, model)
);

CREATE TABLE artifact (
    id {id},
    examination_id BIGINT NOT NULL REFERENCES examination (id),
    kind TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL
);

CREATE INDEX artifact_examination ON artifact (examination_id);

CREATE TABLE finding (
    id {id},
    evidence_id BIGINT NOT NULL REFERENCES evidence (id),
    examination_id BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('ok', 'to be checked', 'warning')),
    comment TEXT NOT NULL,
    region_json TEXT NOT NULL,
    params_json TEXT NOT NULL,
    created_utc TEXT NOT NULL,
    author TEXT NOT NULL,
    removed BIGINT NOT NULL
);

CREATE INDEX finding_evidence ON finding (evidence_id);

CREATE TABLE tag (
    id {id},
    name TEXT NOT NULL UNIQUE,
    shortcut TEXT NOT NULL
);

CREATE TABLE evidence_tag (
    id {id},
    evidence_id BIGINT NOT NULL REFERENCES evidence (id),
    tag_id BIGINT NOT NULL REFERENCES tag (id),
    removed BIGINT NOT NULL,
    UNIQUE (evidence_id, tag_id)
);

CREATE TABLE finding_tag (
    id {id},
    finding_id BIGINT NOT NULL REFERENCES finding (id),
    tag_id BIGINT NOT NULL REFERENCES tag (id),
    removed BIGINT NOT NULL,
    UNIQUE (finding_id, tag_id)
);

CREATE TABLE report (
    id {id},
    version BIGINT NOT NULL,
    supersedes BIGINT NOT NULL,
    format TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'final', 'withdrawn')),
    created_utc TEXT NOT NULL,
    author TEXT NOT NULL,
    audit_head TEXT NOT NULL
);

CREATE TABLE fingerprint (
    id {id},
    code TEXT NOT NULL,
    bits BIGINT NOT NULL,
    model TEXT NOT NULL,
    holder TEXT NOT NULL,
    issued_utc TEXT NOT NULL,
    notes TEXT NOT NULL,
    removed BIGINT NOT NULL
);

CREATE TABLE audit (
    seq BIGINT PRIMARY KEY,
    utc TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);

-- sqlite

CREATE TRIGGER audit_keeps BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;

CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;

CREATE TRIGGER custody_keeps BEFORE UPDATE ON custody_event BEGIN SELECT RAISE(ABORT, 'custody events only grow'); END;

CREATE TRIGGER custody_stays BEFORE DELETE ON custody_event BEGIN SELECT RAISE(ABORT, 'custody events only grow'); END;

CREATE TRIGGER evidence_stays BEFORE DELETE ON evidence BEGIN SELECT RAISE(ABORT, 'exhibits are never deleted'); END;

CREATE TRIGGER examination_keeps BEFORE UPDATE ON examination BEGIN SELECT RAISE(ABORT, 'examinations never change'); END;

CREATE TRIGGER examination_stays BEFORE DELETE ON examination BEGIN SELECT RAISE(ABORT, 'examinations never change'); END;

-- postgresql

CREATE FUNCTION refuse_change() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME; END $$ LANGUAGE plpgsql;

CREATE TRIGGER audit_grows BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_stays BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER custody_grows BEFORE UPDATE OR DELETE ON custody_event FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER evidence_stays BEFORE DELETE ON evidence FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER examination_grows BEFORE UPDATE OR DELETE ON examination FOR EACH ROW EXECUTE FUNCTION refuse_change();
