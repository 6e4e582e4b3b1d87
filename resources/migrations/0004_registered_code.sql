-- Schema 4: the codes that decoded ones are compared with are called what they are; "fingerprint" is another
-- thing in this field. Entries of the audit log before it keep the old name (see RecordedTable).

ALTER TABLE fingerprint RENAME TO registered_code;

-- postgresql

ALTER SEQUENCE fingerprint_id_seq RENAME TO registered_code_id_seq;

ALTER INDEX fingerprint_pkey RENAME TO registered_code_pkey;
