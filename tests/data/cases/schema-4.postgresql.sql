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
CREATE TABLE public.registered_code (
    id bigint NOT NULL,
    code text NOT NULL,
    bits bigint NOT NULL,
    model text NOT NULL,
    holder text NOT NULL,
    issued_utc text NOT NULL,
    notes text NOT NULL,
    removed bigint NOT NULL
);
ALTER TABLE public.registered_code ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.registered_code_id_seq
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
CREATE TABLE public.work (
    evidence_id bigint NOT NULL,
    state text NOT NULL,
    worker text NOT NULL,
    lease_until_ms bigint NOT NULL,
    attempts bigint NOT NULL,
    examination_id bigint NOT NULL,
    problem text NOT NULL,
    presence text NOT NULL,
    model text NOT NULL,
    score double precision NOT NULL,
    threshold double precision NOT NULL,
    code text NOT NULL,
    holder text NOT NULL,
    match_answer text DEFAULT ''::text NOT NULL,
    remarks text DEFAULT ''::text NOT NULL,
    CONSTRAINT work_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text])))
);
INSERT INTO public.audit VALUES (1, '2026-11-29T01:11:44.673Z', 'Ada', 'case opened', 'case_info:1', '{"title":"An old case","row_sha256":"3d747640aba18b66830898055cb252e3ab6bc8eddde7b95e0ebb5a336320cf48"}', '0000000000000000000000000000000000000000000000000000000000000000', '7b5491c9635a8b005d13b538d04469cb7d15943563f483a9ae7f44b52da4b3b6');
INSERT INTO public.audit VALUES (2, '2026-11-29T01:11:51.434Z', 'Ada', 'code registered', 'registered_code:1', '{"code":"0c0ffee1","holder":"Ada Ltd","row_sha256":"168f5c5da22ce55da414da9e4d4b7369ca365f2ada4b2d1ddea6eb6b3207e380"}', '7b5491c9635a8b005d13b538d04469cb7d15943563f483a9ae7f44b52da4b3b6', '921c20d90e2d1709285c6f0092d68df1e84dcd37a377be520aeaca82f4dbf7a1');
INSERT INTO public.audit VALUES (3, '2026-11-29T01:11:54.590Z', 'Ada', 'code registered', 'registered_code:2', '{"code":"deadbeef","holder":"Eve","row_sha256":"2087987887c48b1839f591027c5865fb525a9529a8236af9dda4b8d7393e2fc0"}', '921c20d90e2d1709285c6f0092d68df1e84dcd37a377be520aeaca82f4dbf7a1', '579363b3988c67b78066fa1438bcf760f16298f0bdccdf744ac6398093f78586');
INSERT INTO public.audit VALUES (4, '2026-11-29T01:11:56.101Z', 'Ada', 'code registered', 'registered_code:3', '{"code":"12345678","holder":"Grace","row_sha256":"bf866374b37e344000aa1572564e080aa175f291f0877fab1b3fd79a3f7fd90e"}', '579363b3988c67b78066fa1438bcf760f16298f0bdccdf744ac6398093f78586', '1390d958ef8867b077bed36cf45c66e38eb1d57c77398d5eb3e0694124b2c4c6');
INSERT INTO public.audit VALUES (5, '2026-11-29T01:12:04.490Z', 'Ada', 'code withdrawn', 'registered_code:2', '{"reason":"by mistake","row_sha256":"624c9e13b79756a7ec10877f4ce5cdeea95e323fba7c8d0add815054c7b223e3"}', '1390d958ef8867b077bed36cf45c66e38eb1d57c77398d5eb3e0694124b2c4c6', '5f0f5d1cfefa5fdb1c0025876e15c656cb07e64d0ac2fc277a7d3e50b1e67039');
INSERT INTO public.audit VALUES (6, '2026-11-29T01:12:12.061Z', 'Ada', 'code changed', 'registered_code:3', '{"holder":"Grace & Son","notes":"","row_sha256":"2c0e83e43dc6dfe0f11201d7b97e13eece4078b673b872ac140243184facd050"}', '5f0f5d1cfefa5fdb1c0025876e15c656cb07e64d0ac2fc277a7d3e50b1e67039', '6c5f8b53be424056752fff3efff1b23dc4e92b6765aaf18ae1878f6819d298be');
INSERT INTO public.case_info VALUES (1, 'An old case', '', 'Ada', '', '', '', '2026-11-29T01:11:43.283Z', 0, '{}', '/tmp/old/files');
INSERT INTO public.registered_code OVERRIDING SYSTEM VALUE VALUES (1, '0c0ffee1', 32, '', 'Ada Ltd', '2026-11-29T01:11:50.469Z', '', 0);
INSERT INTO public.registered_code OVERRIDING SYSTEM VALUE VALUES (2, 'deadbeef', 32, 'photo-code32', 'Eve', '2026-11-29T01:11:54.588Z', '', 1);
INSERT INTO public.registered_code OVERRIDING SYSTEM VALUE VALUES (3, '12345678', 32, '', 'Grace & Son', '2026-11-29T01:11:56.086Z', '', 0);
INSERT INTO public.schema_version VALUES (1, '2026-11-29T01:11:44.487Z');
INSERT INTO public.schema_version VALUES (2, '2026-11-29T01:11:44.642Z');
INSERT INTO public.schema_version VALUES (3, '2026-11-29T01:11:44.650Z');
INSERT INTO public.schema_version VALUES (4, '2026-11-29T01:11:44.662Z');
SELECT pg_catalog.setval('public.artifact_id_seq', 1, false);
SELECT pg_catalog.setval('public.custody_event_id_seq', 1, false);
SELECT pg_catalog.setval('public.evidence_id_seq', 1, false);
SELECT pg_catalog.setval('public.evidence_tag_id_seq', 1, false);
SELECT pg_catalog.setval('public.examination_id_seq', 1, false);
SELECT pg_catalog.setval('public.finding_id_seq', 1, false);
SELECT pg_catalog.setval('public.finding_tag_id_seq', 1, false);
SELECT pg_catalog.setval('public.registered_code_id_seq', 3, true);
SELECT pg_catalog.setval('public.report_id_seq', 1, false);
SELECT pg_catalog.setval('public.tag_id_seq', 1, false);
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
ALTER TABLE ONLY public.registered_code
    ADD CONSTRAINT registered_code_pkey PRIMARY KEY (id);
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
ALTER TABLE ONLY public.work
    ADD CONSTRAINT work_pkey PRIMARY KEY (evidence_id);
CREATE INDEX artifact_examination ON public.artifact USING btree (examination_id);
CREATE INDEX custody_event_evidence ON public.custody_event USING btree (evidence_id);
CREATE INDEX evidence_sha256 ON public.evidence USING btree (sha256);
CREATE INDEX examination_evidence ON public.examination USING btree (evidence_id);
CREATE INDEX finding_evidence ON public.finding USING btree (evidence_id);
CREATE INDEX work_state ON public.work USING btree (state, evidence_id);
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
ALTER TABLE ONLY public.work
    ADD CONSTRAINT work_evidence_id_fkey FOREIGN KEY (evidence_id) REFERENCES public.evidence(id);
