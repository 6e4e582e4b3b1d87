-- Schema 5: what is known of the picture that a code was registered for: the fingerprint of the key, what it
-- looks like (PictureHash) and the SHA-256 of its file, each empty where it is not known. They are part of a
-- row's digest in the audit log where they are not empty (RecordedTable), so that earlier entries hold.

ALTER TABLE registered_code ADD COLUMN key_fingerprint TEXT NOT NULL DEFAULT '';

ALTER TABLE registered_code ADD COLUMN picture_hash TEXT NOT NULL DEFAULT '';

ALTER TABLE registered_code ADD COLUMN picture_sha256 TEXT NOT NULL DEFAULT '';
