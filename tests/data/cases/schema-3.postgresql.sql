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
INSERT INTO public.artifact OVERRIDING SYSTEM VALUE VALUES (1, 1, 'heatmap', 'artifacts/1-b85aacbc9570/signed.4a64540f.photo-code32.png', '6284623faf42bb5f559eb41b3304ab1c83a186dddee3b55724b863ebc414b838');
INSERT INTO public.artifact OVERRIDING SYSTEM VALUE VALUES (2, 1, 'heatmap', 'artifacts/1-b85aacbc9570/signed.4a64540f.photo-presence.png', 'edcc6d5a8332e9233e8461c33f46e3eb54cc307ad08feee6b3a6e19c046872b0');
INSERT INTO public.audit VALUES (1, '2026-11-28T18:17:49.217Z', 'Ada', 'case opened', 'case_info:1', '{"title":"An old case","row_sha256":"1f9b667b187b3fcb55fcaea6c9d4989b9a951c9fb1fceb97c6c18a6555343c03"}', '0000000000000000000000000000000000000000000000000000000000000000', 'c23703a44a78538dabce23c10afea4e558334aa5c780f08b558d6550859b0f76');
INSERT INTO public.audit VALUES (2, '2026-11-28T18:17:49.529Z', 'Ada', 'code registered', 'fingerprint:1', '{"code":"0c0ffee1","holder":"Ada Ltd","row_sha256":"4529f1de55e24d01aa0a33211b876499ade0ddc53f946d7b12be6f702e11e0e5"}', 'c23703a44a78538dabce23c10afea4e558334aa5c780f08b558d6550859b0f76', '73674db223c83954a98ae4ba1acbc60a66b9c5f2638b9573d47971e460858121');
INSERT INTO public.audit VALUES (3, '2026-11-28T18:17:49.902Z', 'Ada', 'code registered', 'fingerprint:2', '{"code":"deadbeef","holder":"Nobody","row_sha256":"056e3852741262f05e1566b89d36c31acd2d10b985ebf3cd6359523e4d0843ea"}', '73674db223c83954a98ae4ba1acbc60a66b9c5f2638b9573d47971e460858121', '79de1d1078b6b6d6691b81d8ced53037ebb11676577f751069e5d75c3ceac3d5');
INSERT INTO public.audit VALUES (4, '2026-11-28T18:17:50.233Z', 'Ada', 'code registered', 'fingerprint:3', '{"code":"00c0de00","holder":"Grace","row_sha256":"662b87f23f273d09f7f34e31e69ecf4c5790aea67074f6aa2db153e44dd69728"}', '79de1d1078b6b6d6691b81d8ced53037ebb11676577f751069e5d75c3ceac3d5', '35d53d7efc68a131fdf57e961a3f0a500620ba107e58f20562f2d1f41acdbcc0');
INSERT INTO public.audit VALUES (5, '2026-11-28T18:17:50.605Z', 'Ada', 'code changed', 'fingerprint:3', '{"holder":"Grace & Son","notes":"renamed","row_sha256":"c5b4dc4d70af21028aaaa10ae49fd7de4a4a3ec5de8404ac52429120a32ce03d"}', '35d53d7efc68a131fdf57e961a3f0a500620ba107e58f20562f2d1f41acdbcc0', '49ea5952fc616072f25d4d9316bb4834f823cc65df576803158d02fe1cae0a88');
INSERT INTO public.audit VALUES (6, '2026-11-28T18:17:50.910Z', 'Ada', 'code withdrawn', 'fingerprint:2', '{"reason":"issued by mistake","row_sha256":"096e21f3e45fcd6947d852ce48a94a8480c7a8c0788ac9929718f50be8de6a99"}', '49ea5952fc616072f25d4d9316bb4834f823cc65df576803158d02fe1cae0a88', '35d3964f0fd7a6f38534b1b053f1a0e2e3101d03cc31c183832f751ddbae71c8');
INSERT INTO public.audit VALUES (7, '2026-11-28T18:17:51.220Z', 'Ada', 'evidence received', 'evidence:1', '{"sha256":"4a64540fb14c70249339aac450c124f666f06eeca210a694ac839f98d6ccb4d2","row_sha256":"43fc186d4cc55e1291613e36b65aae0e19c21493567a15ac692f13af6739727d"}', '35d3964f0fd7a6f38534b1b053f1a0e2e3101d03cc31c183832f751ddbae71c8', '1734594b364d6c86422e0491d6cfaffbed6cb0592681de6a3ddb904384e6fcdb');
INSERT INTO public.audit VALUES (8, '2026-11-28T18:17:51.221Z', 'Ada', 'custody', 'custody_event:1', '{"evidence":1,"action":"received","row_sha256":"1e715a2f5c525ff3582c14863877b723012db97f48bd4855f4976defaba94b14"}', '1734594b364d6c86422e0491d6cfaffbed6cb0592681de6a3ddb904384e6fcdb', '13024ea873d2497defa0f9742706ce305bd7ea377ee79e765665d604f60db60e');
INSERT INTO public.audit VALUES (9, '2026-11-28T18:17:51.792Z', 'Ada', 'examined', 'examination:1', '{"evidence":1,"outcome":"done","row_sha256":"f1a40df649f250dee85338db23e6107b2be875a3c50f35306e185761dffc7bb2"}', '13024ea873d2497defa0f9742706ce305bd7ea377ee79e765665d604f60db60e', '4f848b2c5d08075d8da899f09ec31f45fe471aae623dd79c7fe6b49e9a6f08d1');
INSERT INTO public.audit VALUES (10, '2026-11-28T18:17:51.792Z', 'Ada', 'artifact made', 'artifact:1', '{"sha256":"6284623faf42bb5f559eb41b3304ab1c83a186dddee3b55724b863ebc414b838","row_sha256":"9ecebe07a9f9585148ed12bad6638e5cf308d1cf465fafcd9580fc52edbcb3ec"}', '4f848b2c5d08075d8da899f09ec31f45fe471aae623dd79c7fe6b49e9a6f08d1', '3a379d80c9818a3f2b610b58e8da06d829e0fc8863f5855590f6faf4ff854d95');
INSERT INTO public.audit VALUES (11, '2026-11-28T18:17:51.793Z', 'Ada', 'artifact made', 'artifact:2', '{"sha256":"edcc6d5a8332e9233e8461c33f46e3eb54cc307ad08feee6b3a6e19c046872b0","row_sha256":"befbaea78c668dc23da91d54b86e0a09d0c44a19ea03e442af7cc04b7c87edc0"}', '3a379d80c9818a3f2b610b58e8da06d829e0fc8863f5855590f6faf4ff854d95', 'ca4f392acba200d2988b0fe93ad51d65b8bddf3020b5fa3a46e23f4af79944fe');
INSERT INTO public.audit VALUES (12, '2026-11-28T18:17:51.794Z', 'Ada', 'custody', 'custody_event:2', '{"evidence":1,"action":"examined","row_sha256":"06f429f2bed2cf912ef4e14aef08d32c57e5edfeb6d9e13b3456b0d73bb4d4b5"}', 'ca4f392acba200d2988b0fe93ad51d65b8bddf3020b5fa3a46e23f4af79944fe', '33e2a834cb8454dc2e27ea417ca9e8d7ae5581ef761743e2d1de2b2381482099');
INSERT INTO public.audit VALUES (13, '2026-11-28T18:17:52.172Z', 'Ada', 'tag saved', 'tag:1', '{"name":"notable","row_sha256":"27b818bb6d5a5b99d818277e7b65d65df59c721dbcc19f60ddbbfc06296e7747"}', '33e2a834cb8454dc2e27ea417ca9e8d7ae5581ef761743e2d1de2b2381482099', '6741ae0f569dc822b89699b9fa43bf79a4412dd9f0bc47e92cf7f7a5647a8742');
INSERT INTO public.audit VALUES (14, '2026-11-28T18:17:52.174Z', 'Ada', 'tagged', 'evidence_tag:1', '{"evidence":1,"tag":1,"row_sha256":"1a5290d8e65e32a1a69ed863f2425dab0ecfec23d7d3ebf97f020b9fb79f9a21"}', '6741ae0f569dc822b89699b9fa43bf79a4412dd9f0bc47e92cf7f7a5647a8742', 'f4ea5c1a947064fe09f2f2abbf2b71777737b26b42f0c978055c737c99ab2bd0');
INSERT INTO public.case_info VALUES (1, 'An old case', '', 'Ada', '', '', '', '2026-11-28T18:17:49.173Z', 0, '{}', '/tmp/old/files2');
INSERT INTO public.custody_event OVERRIDING SYSTEM VALUE VALUES (1, 1, '2026-11-28T18:17:51.221Z', 'Ada', 'received', 'left where it is; SHA-256 and MD5 computed');
INSERT INTO public.custody_event OVERRIDING SYSTEM VALUE VALUES (2, 1, '2026-11-28T18:17:51.794Z', 'Ada', 'examined', 'SHA-256 as at intake');
INSERT INTO public.evidence OVERRIDING SYSTEM VALUE VALUES (1, '4a64540fb14c70249339aac450c124f666f06eeca210a694ac839f98d6ccb4d2', 'ddb8fbc89a5552f5cf3c6ac1078e25f9', 379722, '/tmp/old/signed.png', '', '', '2026-11-28T18:17:51.219Z', 'Ada', '', '2026-11-28T18:17:44.453Z', 0, '');
INSERT INTO public.evidence_tag OVERRIDING SYSTEM VALUE VALUES (1, 1, 1, 0);
INSERT INTO public.examination OVERRIDING SYSTEM VALUE VALUES (1, 1, 'signature detection', '0.1.0 ceb4d8bb2700+', '[{"name":"photo-code32","sha256":"9c162587049fa2e9b8b2d0318e283f85b1bcd732ef27387449bca5a756358907"},{"name":"photo-presence","sha256":"4414b96152a56c6bbae51907aadd22833d1f5add00302e2836498ecf7b2f3920"}]', '{"models":["photo-code32","photo-presence"],"tiles":false,"frame":1}', 'auto', 'vm', 'Ada', '2026-11-28T18:17:51.613Z', '2026-11-28T18:17:51.790Z', 'done', '', '{"path":"/tmp/old/signed.png","sha256":"4a64540fb14c70249339aac450c124f666f06eeca210a694ac839f98d6ccb4d2","frame":1,"width":640,"height":427,"format":"png","findings":[{"model":"photo-code32","model_sha256":"9c162587049fa2e9b8b2d0318e283f85b1bcd732ef27387449bca5a756358907","score_logit":23.864818572998047,"threshold":6.44,"lower_threshold":5.01,"signed":true,"presence":"signature found","fpr":{"value":0.0,"upper95":0.00449472889701692,"n":665,"measured_on":"photographs reduced to 256 × 256 px (unchanged, JPEG of quality 90, 75 or 50, WebP of quality 75, or scaled to 0.5 of the side)"},"outside_calibration":[],"code":{"hex":"0c0ffee2","bits":32,"n":32,"readable":true,"checked":false,"confidence":0.9983302939186429,"bit_confidence":[0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9931159519431081,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985,0.9984984984984985],"bit_logits":[-6.376736640930176,-11.508894920349121,-12.551497459411621,-10.436338424682617,11.604378700256348,8.150702476501465,-2.6681785583496094,-11.65660285949707,-12.773638725280762,-7.508504867553711,-7.438674449920654,-12.382415771484375,13.762383460998535,17.650182723999023,6.435776710510254,9.86729907989502,8.804492950439453,10.63687515258789,8.494379997253418,13.594395637512207,9.676778793334961,8.946520805358887,12.500367164611816,-7.011016845703125,6.7656426429748535,12.809995651245117,6.274019718170166,-14.766804695129395,-4.554830551147461,-11.557913780212402,11.101428985595703,-6.722503662109375]},"match":{"holder":"","nearest_holder":"Ada Ltd","answer":"near, but differs in bits read with certainty","code":"0c0ffee1","matched":30,"n":32,"p_value":1.2316741049289534e-07,"p_value_corrected":4.92669550950323e-07,"log10_p":-6.909504189212218,"log10_p_corrected":-6.307444278120647,"log10_likelihood":-5.645643290606197,"log10_p_errors":-2.992086798061594,"contradicted":true,"database_size":2,"hypotheses":2,"also_matching":[]},"geometry":[1.0,-0.0,-0.0,-0.0,1.0,-0.0],"hypotheses":2,"score_parts":{"map":9.36237159371376,"rest":14.502446979284286}},{"model":"photo-presence","model_sha256":"4414b96152a56c6bbae51907aadd22833d1f5add00302e2836498ecf7b2f3920","score_logit":-7.996678829193115,"threshold":7.9,"lower_threshold":6.88,"signed":false,"presence":"not found","fpr":{"value":0.0,"upper95":0.00449472889701692,"n":665,"measured_on":"photographs reduced to 256 × 256 px (unchanged, JPEG of quality 90, 75 or 50, WebP of quality 75, or scaled to 0.5 of the side)"},"outside_calibration":[],"code":null,"match":null,"geometry":[1.0,-0.0,-0.0,-0.0,1.0,-0.0],"hypotheses":1,"score_parts":{"map":-7.996679046501716,"rest":2.1730860044755218e-07}}],"conflicts":[],"metadata":[{"group":"PNG","key":"Png.Text.Description","value":"cmp3.10.3.2Lq3 0x756ffbf7"},{"group":"ICC","key":"Icc.Profile","value":"(560 bytes)"}],"decode":{"decoder":"libpng 1.6.39","stored_width":640,"stored_height":427,"bit_depth":8,"colour":"rgb","orientation":1,"orientation_applied":false,"scale_denominator":1,"frames":1,"frame":1,"damaged":false},"warnings":["libpng: iCCP: bad keyword"],"seconds":0.171493066}');
INSERT INTO public.fingerprint OVERRIDING SYSTEM VALUE VALUES (1, '0c0ffee1', 32, 'photo-code32', 'Ada Ltd', '2026-11-28T18:17:49.527Z', '', 0);
INSERT INTO public.fingerprint OVERRIDING SYSTEM VALUE VALUES (3, '00c0de00', 32, '', 'Grace & Son', '2026-11-28T18:17:50.231Z', 'renamed', 0);
INSERT INTO public.fingerprint OVERRIDING SYSTEM VALUE VALUES (2, 'deadbeef', 32, '', 'Nobody', '2026-11-28T18:17:49.900Z', '', 1);
INSERT INTO public.result_code VALUES (1, 'photo-code32', '0c0ffee2', 32, 30, -6.307444278120647, '');
INSERT INTO public.result_scalar VALUES (1, 'photo-code32', 'presence score', 23.864818572998047);
INSERT INTO public.result_scalar VALUES (1, 'photo-code32', 'threshold', 6.44);
INSERT INTO public.result_scalar VALUES (1, 'photo-presence', 'presence score', -7.996678829193115);
INSERT INTO public.result_scalar VALUES (1, 'photo-presence', 'threshold', 7.9);
INSERT INTO public.schema_version VALUES (1, '2026-11-28T18:17:49.211Z');
INSERT INTO public.schema_version VALUES (2, '2026-11-28T18:17:49.214Z');
INSERT INTO public.schema_version VALUES (3, '2026-11-28T18:17:49.215Z');
INSERT INTO public.tag OVERRIDING SYSTEM VALUE VALUES (1, 'notable', '');
INSERT INTO public.work VALUES (1, 'done', '', 1795889991612, 1, 1, '', 'signature found', 'photo-code32', 23.864818572998047, 6.44, '0c0ffee2', 'Ada Ltd', 'near, but differs in bits read with certainty', 'libpng: iCCP: bad keyword');
SELECT pg_catalog.setval('public.artifact_id_seq', 2, true);
SELECT pg_catalog.setval('public.custody_event_id_seq', 2, true);
SELECT pg_catalog.setval('public.evidence_id_seq', 1, true);
SELECT pg_catalog.setval('public.evidence_tag_id_seq', 1, true);
SELECT pg_catalog.setval('public.examination_id_seq', 1, true);
SELECT pg_catalog.setval('public.finding_id_seq', 1, false);
SELECT pg_catalog.setval('public.finding_tag_id_seq', 1, false);
SELECT pg_catalog.setval('public.fingerprint_id_seq', 3, true);
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
