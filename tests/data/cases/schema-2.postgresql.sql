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
    CONSTRAINT work_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text])))
);
INSERT INTO public.artifact OVERRIDING SYSTEM VALUE VALUES (1, 1, 'heatmap', 'artifacts/1-fb91d6d1da48/signed.5bf063e9.photo-code32.png', 'ccf0883001a12d20337c9bb1924f3cdfc9b2331a05d89f63bf95027d39eb9c5e');
INSERT INTO public.artifact OVERRIDING SYSTEM VALUE VALUES (2, 1, 'heatmap', 'artifacts/1-fb91d6d1da48/signed.5bf063e9.photo-presence.png', '0b8c94ed3ef03711f654fd424fb93246e593f8def26f6fbbacc001bfc4726b10');
INSERT INTO public.artifact OVERRIDING SYSTEM VALUE VALUES (3, 2, 'heatmap', 'artifacts/2-66ac803b3e71/rocket.c2dd0de7.photo-code32.png', '4d210779702610603f1a426f11ac72e5d09107c0ebd5d531876982075034ccf3');
INSERT INTO public.artifact OVERRIDING SYSTEM VALUE VALUES (4, 2, 'heatmap', 'artifacts/2-66ac803b3e71/rocket.c2dd0de7.photo-presence.png', 'bf1087163a96e86d25f67e6b8bfcff38964d7bcdd529248b63d472874e577649');
INSERT INTO public.audit VALUES (1, '2026-11-28T14:32:00.215Z', 'Ada', 'case opened', 'case_info:1', '{"title":"An old case","row_sha256":"c611d737eb7ba0e8c6e1075ae3ae07070bb36a89b0b9b05b1da819f7e971ec88"}', '0000000000000000000000000000000000000000000000000000000000000000', '09fe91c6f5e7db7181c4c62ad002989130962687e3e594549278c9a924fd9e9a');
INSERT INTO public.audit VALUES (2, '2026-11-28T14:32:00.576Z', 'Ada', 'code registered', 'fingerprint:1', '{"code":"0c0ffee1","holder":"Ada Ltd","row_sha256":"64ea98658beb6c93b34f57cfbc48f7a5b976c88c7d6286aaa4cbd16e041006d5"}', '09fe91c6f5e7db7181c4c62ad002989130962687e3e594549278c9a924fd9e9a', 'e1f022575cecce22b4d405a0a78f9f392e571ef48c2bb6c38d7f9dee8dd4d6c0');
INSERT INTO public.audit VALUES (3, '2026-11-28T14:32:00.965Z', 'Ada', 'evidence received', 'evidence:1', '{"sha256":"5bf063e9d5d1e103e344c242bbb6ac9c3c21943c667cc868ba0c33a76aa619bb","row_sha256":"6d257d8ca834465a736734a3e924521db557a938e4fcca943f6998021118378d"}', 'e1f022575cecce22b4d405a0a78f9f392e571ef48c2bb6c38d7f9dee8dd4d6c0', 'c4c2e0ba684e9403095376e7c29ed5f9e3c3bbd5b73d85b22ad72733b57cb951');
INSERT INTO public.audit VALUES (4, '2026-11-28T14:32:00.966Z', 'Ada', 'custody', 'custody_event:1', '{"evidence":1,"action":"received","row_sha256":"77c782b18df683aebfeae48643a29062d48aafb8c618dd1c5e90a8a23c223814"}', 'c4c2e0ba684e9403095376e7c29ed5f9e3c3bbd5b73d85b22ad72733b57cb951', 'f55e22d15fdc2e461ae8f756c21cefdc0723f2a80edb6c59dfe0af4159e258a3');
INSERT INTO public.audit VALUES (5, '2026-11-28T14:32:00.975Z', 'Ada', 'evidence received', 'evidence:2', '{"sha256":"c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c","row_sha256":"4244f106c9df7c78c43d5ce5a3b1f4587b5ffffba432a58c35ef025edc2b89d4"}', 'f55e22d15fdc2e461ae8f756c21cefdc0723f2a80edb6c59dfe0af4159e258a3', '4ea747c879ec22e5a2157034ed647cbbc18efa814e44259b3b309118144539f2');
INSERT INTO public.audit VALUES (6, '2026-11-28T14:32:00.976Z', 'Ada', 'custody', 'custody_event:2', '{"evidence":2,"action":"received","row_sha256":"6e90b3b19978865a571f66c77941410f03b0ce4b545ac4a2f9976f83ad1fd401"}', '4ea747c879ec22e5a2157034ed647cbbc18efa814e44259b3b309118144539f2', '5fdf34e54f340c6bf5944e538fe38654442c3db20d2e4149f70337ab5d432ed6');
INSERT INTO public.audit VALUES (7, '2026-11-28T14:32:02.110Z', 'Ada', 'examined', 'examination:1', '{"evidence":1,"outcome":"done","row_sha256":"f27d532ea4a3b577a1af82723ba2786078c7394cb8c2e017702e403824936982"}', '5fdf34e54f340c6bf5944e538fe38654442c3db20d2e4149f70337ab5d432ed6', '46d74b4f54307641cdfe17379a686debeb129c4d5e9b01b4974dbc92dfd708dd');
INSERT INTO public.audit VALUES (8, '2026-11-28T14:32:02.112Z', 'Ada', 'artifact made', 'artifact:1', '{"sha256":"ccf0883001a12d20337c9bb1924f3cdfc9b2331a05d89f63bf95027d39eb9c5e","row_sha256":"71cfa7a604f5775e62729b97e446b9e21521a970d393e899384a5ece6e643b4d"}', '46d74b4f54307641cdfe17379a686debeb129c4d5e9b01b4974dbc92dfd708dd', 'ca7ca1cfb38b75670e080f18318ac940f7ba2e4c80824a9582666e042a121f8b');
INSERT INTO public.audit VALUES (9, '2026-11-28T14:32:02.113Z', 'Ada', 'artifact made', 'artifact:2', '{"sha256":"0b8c94ed3ef03711f654fd424fb93246e593f8def26f6fbbacc001bfc4726b10","row_sha256":"8556a9e8bb688ba31493fd1c1fdb0022c4654106668c9fce6386293ae0cb805d"}', 'ca7ca1cfb38b75670e080f18318ac940f7ba2e4c80824a9582666e042a121f8b', '7933f94cc5ac9e2fa4a18e08f92ad1a0d8853a1b1bbf4745bd43f557afefed9d');
INSERT INTO public.audit VALUES (10, '2026-11-28T14:32:02.118Z', 'Ada', 'custody', 'custody_event:3', '{"evidence":1,"action":"examined","row_sha256":"ffe7792123c39b58273c58a60c52976e11d16d24501edbcfe71a5ec0924eb5c6"}', '7933f94cc5ac9e2fa4a18e08f92ad1a0d8853a1b1bbf4745bd43f557afefed9d', '745eb9dfc40aa0c1146cf359a7aa1d0d831ed9ed4e94de8397497271dd85508f');
INSERT INTO public.audit VALUES (11, '2026-11-28T14:32:02.399Z', 'Ada', 'examined', 'examination:2', '{"evidence":2,"outcome":"done","row_sha256":"45ef833337e995426733c226fcc13463c616e9d7566268f5ccf59888ad1e4909"}', '745eb9dfc40aa0c1146cf359a7aa1d0d831ed9ed4e94de8397497271dd85508f', 'cab2ee001ba122422daaa4380e488a8461b677004f7c7aa1065b6995f9ba7f66');
INSERT INTO public.audit VALUES (12, '2026-11-28T14:32:02.400Z', 'Ada', 'artifact made', 'artifact:3', '{"sha256":"4d210779702610603f1a426f11ac72e5d09107c0ebd5d531876982075034ccf3","row_sha256":"a912c89ee1f115588a60fa2a8fb4591d37f2940d732c752909c9ee5cd3796ab1"}', 'cab2ee001ba122422daaa4380e488a8461b677004f7c7aa1065b6995f9ba7f66', 'be873e07dd9ffe4fa62cd8854563ead31c46b2591e12e50b7e90cb231f092990');
INSERT INTO public.audit VALUES (13, '2026-11-28T14:32:02.401Z', 'Ada', 'artifact made', 'artifact:4', '{"sha256":"bf1087163a96e86d25f67e6b8bfcff38964d7bcdd529248b63d472874e577649","row_sha256":"2cbad8fad559d91ce541ac15b1f7169f1f8cca03a2d359e45893bd845270278c"}', 'be873e07dd9ffe4fa62cd8854563ead31c46b2591e12e50b7e90cb231f092990', 'f7afcebb82b08eae18a971850868b72c3b0e623dc5b0dcb4a18d91b095ff7cb8');
INSERT INTO public.audit VALUES (14, '2026-11-28T14:32:02.406Z', 'Ada', 'custody', 'custody_event:4', '{"evidence":2,"action":"examined","row_sha256":"6733cd1711a33afd8e054e0dbb32981a4a552bf038775650b5ac592f862b4a31"}', 'f7afcebb82b08eae18a971850868b72c3b0e623dc5b0dcb4a18d91b095ff7cb8', 'dc1c4728dfa21584e01dfdcbde20a1cc2700927757f0524320a05fcb7e6c6e0e');
INSERT INTO public.case_info VALUES (1, 'An old case', '', 'Ada', '', '', '', '2026-11-28T14:32:00.026Z', 0, '{}', '/tmp/old/files');
INSERT INTO public.custody_event OVERRIDING SYSTEM VALUE VALUES (1, 1, '2026-11-28T14:32:00.965Z', 'Ada', 'received', 'left where it is; SHA-256 and MD5 computed');
INSERT INTO public.custody_event OVERRIDING SYSTEM VALUE VALUES (2, 2, '2026-11-28T14:32:00.975Z', 'Ada', 'received', 'left where it is; SHA-256 and MD5 computed');
INSERT INTO public.custody_event OVERRIDING SYSTEM VALUE VALUES (3, 1, '2026-11-28T14:32:02.115Z', 'Ada', 'examined', 'SHA-256 as at intake');
INSERT INTO public.custody_event OVERRIDING SYSTEM VALUE VALUES (4, 2, '2026-11-28T14:32:02.405Z', 'Ada', 'examined', 'SHA-256 as at intake');
INSERT INTO public.evidence OVERRIDING SYSTEM VALUE VALUES (1, '5bf063e9d5d1e103e344c242bbb6ac9c3c21943c667cc868ba0c33a76aa619bb', '43c071642db9c6baae97f87791809d40', 459334, '/tmp/old/signed.png', '', '', '2026-11-28T14:32:00.963Z', 'Ada', 'a test', '2026-11-28T14:31:41.501Z', 0, '');
INSERT INTO public.evidence OVERRIDING SYSTEM VALUE VALUES (2, 'c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c', '511130d2072cc744a1fa5015bc23557a', 112525, '/work/h/match/resources/samples/rocket.jpg', '', '', '2026-11-28T14:32:00.975Z', 'Ada', 'a test', '2026-11-28T14:09:58.000Z', 0, '');
INSERT INTO public.examination OVERRIDING SYSTEM VALUE VALUES (1, 1, 'signature detection', '0.1.0 5c35ce9e9a0f', '[{"name":"photo-code32","sha256":"9c162587049fa2e9b8b2d0318e283f85b1bcd732ef27387449bca5a756358907"},{"name":"photo-presence","sha256":"4414b96152a56c6bbae51907aadd22833d1f5add00302e2836498ecf7b2f3920"}]', '{"models":["photo-code32","photo-presence"],"tiles":false}', 'auto', 'vm', 'Ada', '2026-11-28T14:32:01.814Z', '2026-11-28T14:32:02.104Z', 'done', '', '{"path":"/tmp/old/signed.png","sha256":"5bf063e9d5d1e103e344c242bbb6ac9c3c21943c667cc868ba0c33a76aa619bb","width":600,"height":400,"format":"png","findings":[{"model":"photo-code32","model_sha256":"9c162587049fa2e9b8b2d0318e283f85b1bcd732ef27387449bca5a756358907","score_logit":23.02253532409668,"threshold":6.44,"lower_threshold":5.01,"signed":true,"presence":"signature found","fpr":{"value":0.0,"upper95":0.003986343053701279,"n":750},"code":{"hex":"0c0ffee2","bits":32,"n":32,"confidence":0.9999773898254734,"bit_confidence":[0.9999804899869084,0.9997200367396022,0.999999942615988,0.9999999801825552,0.9999977719397768,0.9999999997484954,0.9999861650016961,0.9999518144553965,0.9999998420281276,0.999999393287309,0.9999997952852481,0.9999999947030658,0.9999923123520106,0.9999972305406396,0.9999971565473825,0.9999980611869137,0.9999999966101318,0.9999999942021855,0.9999837833291291,0.9999872682031018,0.9999999375797216,0.9999999988789929,0.9999999973470761,0.9999994960118119,0.9997170120358962,0.9999999980825747,0.9999777981949537,0.999999999764728,0.9999919581548447,0.9999999918097405,0.9999992576262389,0.999999999982903]},"match":{"holder":"Ada Ltd","nearest_holder":"Ada Ltd","code":"0c0ffee1","matched":30,"n":32,"p_value":1.2316741049289534e-07,"p_value_corrected":2.4633480581557957e-07,"log10_p":-6.909504189212218,"log10_p_corrected":-6.608474220293702,"database_size":1,"hypotheses":2,"also_matching":[]},"geometry":[1.0,-0.0,-0.0,-0.0,1.0,-0.0],"hypotheses":2},{"model":"photo-presence","model_sha256":"4414b96152a56c6bbae51907aadd22833d1f5add00302e2836498ecf7b2f3920","score_logit":-6.957894325256348,"threshold":7.9,"lower_threshold":6.88,"signed":false,"presence":"not found","fpr":{"value":0.0,"upper95":0.003986343053701279,"n":750},"code":null,"match":null,"geometry":[1.0,-0.0,-0.0,-0.0,1.0,-0.0],"hypotheses":1}],"conflicts":[],"decode":{"decoder":"libpng 1.6.39","stored_width":600,"stored_height":400,"bit_depth":8,"colour":"rgb","orientation":1,"orientation_applied":false,"scale_denominator":1,"frames":1},"warnings":[],"seconds":0.282984563}');
INSERT INTO public.examination OVERRIDING SYSTEM VALUE VALUES (2, 2, 'signature detection', '0.1.0 5c35ce9e9a0f', '[{"name":"photo-code32","sha256":"9c162587049fa2e9b8b2d0318e283f85b1bcd732ef27387449bca5a756358907"},{"name":"photo-presence","sha256":"4414b96152a56c6bbae51907aadd22833d1f5add00302e2836498ecf7b2f3920"}]', '{"models":["photo-code32","photo-presence"],"tiles":false}', 'auto', 'vm', 'Ada', '2026-11-28T14:32:02.126Z', '2026-11-28T14:32:02.398Z', 'done', '', '{"path":"/work/h/match/resources/samples/rocket.jpg","sha256":"c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c","width":640,"height":427,"format":"jpeg","findings":[{"model":"photo-code32","model_sha256":"9c162587049fa2e9b8b2d0318e283f85b1bcd732ef27387449bca5a756358907","score_logit":-16.985191345214844,"threshold":6.44,"lower_threshold":5.01,"signed":false,"presence":"not found","fpr":{"value":0.0,"upper95":0.003986343053701279,"n":750},"code":null,"match":null,"geometry":[1.0000357983186958,-0.044538225845447185,0.00016068480755821035,0.10446620296501599,1.0063440508403096,0.0005722442517572722],"hypotheses":16},{"model":"photo-presence","model_sha256":"4414b96152a56c6bbae51907aadd22833d1f5add00302e2836498ecf7b2f3920","score_logit":-7.652011394500732,"threshold":7.9,"lower_threshold":6.88,"signed":false,"presence":"not found","fpr":{"value":0.0,"upper95":0.003986343053701279,"n":750},"code":null,"match":null,"geometry":[1.0,-0.0,-0.0,-0.0,1.0,-0.0],"hypotheses":1}],"conflicts":[],"decode":{"decoder":"libjpeg-turbo 2.1.5","stored_width":640,"stored_height":427,"bit_depth":8,"colour":"rgb","orientation":1,"orientation_applied":false,"scale_denominator":2,"frames":1},"warnings":[],"seconds":0.267158726}');
INSERT INTO public.fingerprint OVERRIDING SYSTEM VALUE VALUES (1, '0c0ffee1', 32, 'photo-code32', 'Ada Ltd', '2026-11-28T14:32:00.574Z', '', 0);
INSERT INTO public.result_code VALUES (1, 'photo-code32', '0c0ffee2', 32, 30, -6.608474220293702, 'Ada Ltd');
INSERT INTO public.result_scalar VALUES (1, 'photo-code32', 'presence score', 23.02253532409668);
INSERT INTO public.result_scalar VALUES (1, 'photo-code32', 'threshold', 6.44);
INSERT INTO public.result_scalar VALUES (1, 'photo-presence', 'presence score', -6.957894325256348);
INSERT INTO public.result_scalar VALUES (1, 'photo-presence', 'threshold', 7.9);
INSERT INTO public.result_scalar VALUES (2, 'photo-code32', 'presence score', -16.985191345214844);
INSERT INTO public.result_scalar VALUES (2, 'photo-code32', 'threshold', 6.44);
INSERT INTO public.result_scalar VALUES (2, 'photo-presence', 'presence score', -7.652011394500732);
INSERT INTO public.result_scalar VALUES (2, 'photo-presence', 'threshold', 7.9);
INSERT INTO public.schema_version VALUES (1, '2026-11-28T14:32:00.195Z');
INSERT INTO public.schema_version VALUES (2, '2026-11-28T14:32:00.209Z');
INSERT INTO public.work VALUES (1, 'done', '', 1795876441810, 1, 1, '', 'signature found', 'photo-code32', 23.02253532409668, 6.44, '0c0ffee2', 'Ada Ltd');
INSERT INTO public.work VALUES (2, 'done', '', 1795876442122, 1, 2, '', 'not found', 'photo-presence', -7.652011394500732, 7.9, '', '');
SELECT pg_catalog.setval('public.artifact_id_seq', 4, true);
SELECT pg_catalog.setval('public.custody_event_id_seq', 4, true);
SELECT pg_catalog.setval('public.evidence_id_seq', 2, true);
SELECT pg_catalog.setval('public.evidence_tag_id_seq', 1, false);
SELECT pg_catalog.setval('public.examination_id_seq', 2, true);
SELECT pg_catalog.setval('public.finding_id_seq', 1, false);
SELECT pg_catalog.setval('public.finding_tag_id_seq', 1, false);
SELECT pg_catalog.setval('public.fingerprint_id_seq', 1, true);
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
