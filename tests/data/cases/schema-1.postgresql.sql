CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME; END $$;
CREATE TABLE public.artifact (
    id bigint NOT NULL,
    examination_id bigint NOT NULL,
    kind text NOT NULL,
    path text NOT NULL,
    sha256 text NOT NULL
);
ALTER TABLE public.artifact ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.artifact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.audit (
    seq bigint NOT NULL,
    utc text NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    subject text NOT NULL,
    details text NOT NULL,
    previous_hash text NOT NULL,
    hash text NOT NULL
);
CREATE TABLE public.case_info (
    id bigint NOT NULL,
    title text NOT NULL,
    number text NOT NULL,
    examiner text NOT NULL,
    organisation text NOT NULL,
    customer text NOT NULL,
    description text NOT NULL,
    created_utc text NOT NULL,
    closed bigint NOT NULL,
    fields_json text NOT NULL,
    folder text NOT NULL,
    CONSTRAINT case_info_id_check CHECK ((id = 1))
);
CREATE TABLE public.custody_event (
    id bigint NOT NULL,
    evidence_id bigint NOT NULL,
    utc text NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    details text NOT NULL
);
ALTER TABLE public.custody_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.custody_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.evidence (
    id bigint NOT NULL,
    sha256 text NOT NULL,
    md5 text NOT NULL,
    size bigint NOT NULL,
    original_path text NOT NULL,
    original_path_hex text NOT NULL,
    copy_path text NOT NULL,
    received_utc text NOT NULL,
    received_by text NOT NULL,
    received_from text NOT NULL,
    modified_utc text NOT NULL,
    duplicate_of bigint NOT NULL,
    note text NOT NULL
);
ALTER TABLE public.evidence ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.evidence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.evidence_tag (
    id bigint NOT NULL,
    evidence_id bigint NOT NULL,
    tag_id bigint NOT NULL,
    removed bigint NOT NULL
);
ALTER TABLE public.evidence_tag ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.evidence_tag_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.examination (
    id bigint NOT NULL,
    evidence_id bigint NOT NULL,
    method text NOT NULL,
    method_version text NOT NULL,
    models_json text NOT NULL,
    params_json text NOT NULL,
    device text NOT NULL,
    host text NOT NULL,
    examiner text NOT NULL,
    started_utc text NOT NULL,
    finished_utc text NOT NULL,
    outcome text NOT NULL,
    problem text NOT NULL,
    record_json text NOT NULL,
    CONSTRAINT examination_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'failed'::text])))
);
ALTER TABLE public.examination ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.examination_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.finding (
    id bigint NOT NULL,
    evidence_id bigint NOT NULL,
    examination_id bigint NOT NULL,
    status text NOT NULL,
    comment text NOT NULL,
    region_json text NOT NULL,
    params_json text NOT NULL,
    created_utc text NOT NULL,
    author text NOT NULL,
    removed bigint NOT NULL,
    CONSTRAINT finding_status_check CHECK ((status = ANY (ARRAY['ok'::text, 'to be checked'::text, 'warning'::text])))
);
ALTER TABLE public.finding ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.finding_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.finding_tag (
    id bigint NOT NULL,
    finding_id bigint NOT NULL,
    tag_id bigint NOT NULL,
    removed bigint NOT NULL
);
ALTER TABLE public.finding_tag ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.finding_tag_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.fingerprint (
    id bigint NOT NULL,
    code text NOT NULL,
    bits bigint NOT NULL,
    model text NOT NULL,
    holder text NOT NULL,
    issued_utc text NOT NULL,
    notes text NOT NULL,
    removed bigint NOT NULL
);
ALTER TABLE public.fingerprint ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.fingerprint_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.report (
    id bigint NOT NULL,
    version bigint NOT NULL,
    supersedes bigint NOT NULL,
    format text NOT NULL,
    path text NOT NULL,
    sha256 text NOT NULL,
    status text NOT NULL,
    created_utc text NOT NULL,
    author text NOT NULL,
    audit_head text NOT NULL,
    CONSTRAINT report_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'final'::text, 'withdrawn'::text])))
);
ALTER TABLE public.report ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.report_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.result_code (
    examination_id bigint NOT NULL,
    model text NOT NULL,
    code text NOT NULL,
    bits bigint NOT NULL,
    matched bigint NOT NULL,
    log10_p double precision NOT NULL,
    holder text NOT NULL
);
CREATE TABLE public.result_scalar (
    examination_id bigint NOT NULL,
    model text NOT NULL,
    name text NOT NULL,
    value double precision NOT NULL
);
CREATE TABLE public.schema_version (
    version bigint NOT NULL,
    applied_utc text NOT NULL
);
CREATE TABLE public.tag (
    id bigint NOT NULL,
    name text NOT NULL,
    shortcut text NOT NULL
);
ALTER TABLE public.tag ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.tag_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
INSERT INTO public.audit VALUES (1, '2026-11-25T00:28:45.547Z', 'Ada Lovelace', 'case opened', 'case_info:1', '{"title":"An old case","row_sha256":"b5cece7173d8edff0b4c0df9d3840c4b3a88cf7a26b88d5e4be0163adb837e1a"}', '0000000000000000000000000000000000000000000000000000000000000000', '3146d3b894b98555cdcb484a868dbca485790499f2da95417e1954e466aa09c9');
INSERT INTO public.audit VALUES (2, '2026-11-25T00:28:47.235Z', 'Ada Lovelace', 'evidence received', 'evidence:1', '{"sha256":"7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed","row_sha256":"a7604fb5c0c029e689575b46285917d9855df76fa0ed7dd56b78972a82d1f4e3"}', '3146d3b894b98555cdcb484a868dbca485790499f2da95417e1954e466aa09c9', '7e9327728f843ce09bd2662ee3eb3ad6046b5a6b2029ffdb0f44df7635bb87a4');
INSERT INTO public.audit VALUES (3, '2026-11-25T00:28:47.240Z', 'Ada Lovelace', 'custody', 'custody_event:1', '{"evidence":1,"action":"received","row_sha256":"17b4e2b2bb5aa2765d784b432db8bbfa4d558725ae487fdd7765daabfecfa686"}', '7e9327728f843ce09bd2662ee3eb3ad6046b5a6b2029ffdb0f44df7635bb87a4', 'c97ac94cbad1dbe5e3bdc520ca180e513f15d5b10129abb2f6a51c8f0fa5c181');
INSERT INTO public.audit VALUES (4, '2026-11-25T00:28:47.276Z', 'Ada Lovelace', 'evidence received', 'evidence:2', '{"sha256":"3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3","row_sha256":"83bead267707a826399cda2fe8e060d175826974378bc2cedb02ff61f76ed805"}', 'c97ac94cbad1dbe5e3bdc520ca180e513f15d5b10129abb2f6a51c8f0fa5c181', '4efd5526b04dc87957c606d67eac314e750afaf68c8e4fea8347c7579c98db6b');
INSERT INTO public.audit VALUES (5, '2026-11-25T00:28:47.276Z', 'Ada Lovelace', 'custody', 'custody_event:2', '{"evidence":2,"action":"received","row_sha256":"c5cc114a5bd9383284697543a2d2f214fcba8464fbb7135a441b6713b7d30c74"}', '4efd5526b04dc87957c606d67eac314e750afaf68c8e4fea8347c7579c98db6b', '793a3498e8f416a771f0f2425d5284bf5ba6d0a1f3453ec34141a55736bfe363');
INSERT INTO public.audit VALUES (6, '2026-11-25T00:28:48.721Z', 'Ada Lovelace', 'tag saved', 'tag:1', '{"name":"notable","row_sha256":"27b818bb6d5a5b99d818277e7b65d65df59c721dbcc19f60ddbbfc06296e7747"}', '793a3498e8f416a771f0f2425d5284bf5ba6d0a1f3453ec34141a55736bfe363', '3ce3755e9e56f9b4f97e9e3e3ef63b29704ac7417aaa002126b808194d86eb80');
INSERT INTO public.audit VALUES (7, '2026-11-25T00:28:48.751Z', 'Ada Lovelace', 'tagged', 'evidence_tag:1', '{"evidence":2,"tag":1,"row_sha256":"8a56cfd7d73d2e9962543cacd25f4c6537b765703aa645e76dd9e4bd052c6f99"}', '3ce3755e9e56f9b4f97e9e3e3ef63b29704ac7417aaa002126b808194d86eb80', '6bf94bd18f881ba103adbed5e0e048a62e43aa68720453772923ee1346d8bd60');
INSERT INTO public.case_info VALUES (1, 'An old case', '1', 'Ada Lovelace', '', '', '', '2026-11-25T00:28:44.371Z', 0, '{}', '/tmp/mig/files');
INSERT INTO public.custody_event OVERRIDING SYSTEM VALUE VALUES (1, 1, '2026-11-25T00:28:47.239Z', 'Ada Lovelace', 'received', 'left where it is; SHA-256 and MD5 computed');
INSERT INTO public.custody_event OVERRIDING SYSTEM VALUE VALUES (2, 2, '2026-11-25T00:28:47.276Z', 'Ada Lovelace', 'received', 'left where it is; SHA-256 and MD5 computed');
INSERT INTO public.evidence OVERRIDING SYSTEM VALUE VALUES (1, '7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed', 'f97c5d29941bfb1b2fdab0874906ab82', 3, '/tmp/one.jpg', '', '', '2026-11-25T00:28:47.211Z', 'Ada Lovelace', 'a test', '2026-11-25T00:28:38.869Z', 0, '');
INSERT INTO public.evidence OVERRIDING SYSTEM VALUE VALUES (2, '3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3', 'b8a9f715dbb64fd5c56e7783c6820a61', 3, '/tmp/two.jpg', '', '', '2026-11-25T00:28:47.275Z', 'Ada Lovelace', 'a test', '2026-11-25T00:28:38.869Z', 0, '');
INSERT INTO public.evidence_tag OVERRIDING SYSTEM VALUE VALUES (1, 2, 1, 0);
INSERT INTO public.schema_version VALUES (1, '2026-11-25T00:28:45.423Z');
INSERT INTO public.tag OVERRIDING SYSTEM VALUE VALUES (1, 'notable', '');
SELECT pg_catalog.setval('public.artifact_id_seq', 1, false);
SELECT pg_catalog.setval('public.custody_event_id_seq', 2, true);
SELECT pg_catalog.setval('public.evidence_id_seq', 2, true);
SELECT pg_catalog.setval('public.evidence_tag_id_seq', 1, true);
SELECT pg_catalog.setval('public.examination_id_seq', 1, false);
SELECT pg_catalog.setval('public.finding_id_seq', 1, false);
SELECT pg_catalog.setval('public.finding_tag_id_seq', 1, false);
SELECT pg_catalog.setval('public.fingerprint_id_seq', 1, false);
SELECT pg_catalog.setval('public.report_id_seq', 1, false);
SELECT pg_catalog.setval('public.tag_id_seq', 1, true);
ALTER TABLE ONLY public.artifact
    ADD CONSTRAINT artifact_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY public.case_info
    ADD CONSTRAINT case_info_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.custody_event
    ADD CONSTRAINT custody_event_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.evidence
    ADD CONSTRAINT evidence_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.evidence
    ADD CONSTRAINT evidence_sha256_original_path_original_path_hex_key UNIQUE (sha256, original_path, original_path_hex);
ALTER TABLE ONLY public.evidence_tag
    ADD CONSTRAINT evidence_tag_evidence_id_tag_id_key UNIQUE (evidence_id, tag_id);
ALTER TABLE ONLY public.evidence_tag
    ADD CONSTRAINT evidence_tag_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.examination
    ADD CONSTRAINT examination_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.finding
    ADD CONSTRAINT finding_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.finding_tag
    ADD CONSTRAINT finding_tag_finding_id_tag_id_key UNIQUE (finding_id, tag_id);
ALTER TABLE ONLY public.finding_tag
    ADD CONSTRAINT finding_tag_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.fingerprint
    ADD CONSTRAINT fingerprint_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.result_code
    ADD CONSTRAINT result_code_pkey PRIMARY KEY (examination_id, model);
ALTER TABLE ONLY public.result_scalar
    ADD CONSTRAINT result_scalar_pkey PRIMARY KEY (examination_id, model, name);
ALTER TABLE ONLY public.schema_version
    ADD CONSTRAINT schema_version_pkey PRIMARY KEY (version);
ALTER TABLE ONLY public.tag
    ADD CONSTRAINT tag_name_key UNIQUE (name);
ALTER TABLE ONLY public.tag
    ADD CONSTRAINT tag_pkey PRIMARY KEY (id);
CREATE INDEX artifact_examination ON public.artifact USING btree (examination_id);
CREATE INDEX custody_event_evidence ON public.custody_event USING btree (evidence_id);
CREATE INDEX examination_evidence ON public.examination USING btree (evidence_id);
CREATE INDEX finding_evidence ON public.finding USING btree (evidence_id);
CREATE TRIGGER audit_grows BEFORE DELETE OR UPDATE ON public.audit FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER audit_stays BEFORE TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER custody_grows BEFORE DELETE OR UPDATE ON public.custody_event FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER evidence_stays BEFORE DELETE ON public.evidence FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER examination_grows BEFORE DELETE OR UPDATE ON public.examination FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
ALTER TABLE ONLY public.artifact
    ADD CONSTRAINT artifact_examination_id_fkey FOREIGN KEY (examination_id) REFERENCES public.examination(id);
ALTER TABLE ONLY public.custody_event
    ADD CONSTRAINT custody_event_evidence_id_fkey FOREIGN KEY (evidence_id) REFERENCES public.evidence(id);
ALTER TABLE ONLY public.evidence_tag
    ADD CONSTRAINT evidence_tag_evidence_id_fkey FOREIGN KEY (evidence_id) REFERENCES public.evidence(id);
ALTER TABLE ONLY public.evidence_tag
    ADD CONSTRAINT evidence_tag_tag_id_fkey FOREIGN KEY (tag_id) REFERENCES public.tag(id);
ALTER TABLE ONLY public.examination
    ADD CONSTRAINT examination_evidence_id_fkey FOREIGN KEY (evidence_id) REFERENCES public.evidence(id);
ALTER TABLE ONLY public.finding
    ADD CONSTRAINT finding_evidence_id_fkey FOREIGN KEY (evidence_id) REFERENCES public.evidence(id);
ALTER TABLE ONLY public.finding_tag
    ADD CONSTRAINT finding_tag_finding_id_fkey FOREIGN KEY (finding_id) REFERENCES public.finding(id);
ALTER TABLE ONLY public.finding_tag
    ADD CONSTRAINT finding_tag_tag_id_fkey FOREIGN KEY (tag_id) REFERENCES public.tag(id);
ALTER TABLE ONLY public.result_code
    ADD CONSTRAINT result_code_examination_id_fkey FOREIGN KEY (examination_id) REFERENCES public.examination(id);
ALTER TABLE ONLY public.result_scalar
    ADD CONSTRAINT result_scalar_examination_id_fkey FOREIGN KEY (examination_id) REFERENCES public.examination(id);
