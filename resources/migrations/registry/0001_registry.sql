-- Schema 1 of a registry of issued instances. How these files are written stands at the head of
-- ../0001_case.sql. What an instance is never changes; its status is the last one entered.

CREATE TABLE batch (
    id {id},
    utc TEXT NOT NULL,
    actor TEXT NOT NULL,
    file TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    instances BIGINT NOT NULL,
    rows_sha256 TEXT NOT NULL
);

CREATE TABLE instance (
    id {id},
    code TEXT NOT NULL,
    bits BIGINT NOT NULL,
    model TEXT NOT NULL,
    model_sha256 TEXT NOT NULL,
    holder TEXT NOT NULL,
    generator_sha256 TEXT NOT NULL,
    issued_utc TEXT NOT NULL,
    notes TEXT NOT NULL,
    batch_id BIGINT NOT NULL,
    UNIQUE (model_sha256, code)
);

CREATE TABLE instance_status (
    id {id},
    instance_id BIGINT NOT NULL REFERENCES instance (id),
    status TEXT NOT NULL CHECK (status IN ('active', 'revoked')),
    reason TEXT NOT NULL,
    utc TEXT NOT NULL,
    actor TEXT NOT NULL
);

CREATE INDEX instance_status_of ON instance_status (instance_id);

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

CREATE TRIGGER instance_keeps BEFORE UPDATE ON instance BEGIN SELECT RAISE(ABORT, 'instances never change'); END;

CREATE TRIGGER instance_stays BEFORE DELETE ON instance BEGIN SELECT RAISE(ABORT, 'instances never change'); END;

CREATE TRIGGER status_keeps BEFORE UPDATE ON instance_status BEGIN SELECT RAISE(ABORT, 'statuses only grow'); END;

CREATE TRIGGER status_stays BEFORE DELETE ON instance_status BEGIN SELECT RAISE(ABORT, 'statuses only grow'); END;

-- postgresql

CREATE FUNCTION refuse_change() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME; END $$ LANGUAGE plpgsql;

CREATE TRIGGER audit_grows BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_stays BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER instance_grows BEFORE UPDATE OR DELETE ON instance FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER status_grows BEFORE UPDATE OR DELETE ON instance_status FOR EACH ROW EXECUTE FUNCTION refuse_change();
