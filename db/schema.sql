-- Written by db/schema-dump.ts from the migrations: do not edit.

create table access_keys (
  id uuid not null,
  name text not null,
  hash text not null,
  role text not null,
  scopes text[],
  owner text not null,
  created_by text not null,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  expires_at timestamp(3) with time zone,
  last_used_at timestamp(3) with time zone,
  revoked_at timestamp(3) with time zone,
  rotated_to uuid,
  constraint access_keys_hash_check CHECK ((hash ~ '^[0-9a-f]{64}$'::text)),
  constraint access_keys_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100))),
  constraint access_keys_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'agent'::text, 'user'::text, 'readonly'::text]))),
  constraint access_keys_rotated_to_fkey FOREIGN KEY (rotated_to) REFERENCES access_keys(id),
  constraint access_keys_pkey PRIMARY KEY (id),
  constraint access_keys_hash_key UNIQUE (hash)
);

create table artifacts (
  id uuid not null,
  session_id uuid not null,
  stage text not null,
  run integer not null,
  step_id uuid,
  stale boolean not null default false,
  type text not null,
  name text not null,
  path text not null,
  s3_path text not null,
  size bigint not null,
  sha256 text not null,
  metadata jsonb not null default '{}'::jsonb,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  constraint artifacts_type_check CHECK ((type = ANY (ARRAY['report'::text, 'chart'::text, 'dataset'::text, 'model'::text, 'script'::text, 'metadata'::text, 'file'::text]))),
  constraint artifacts_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  constraint artifacts_pkey PRIMARY KEY (id),
  constraint artifacts_session_id_stage_run_path_key UNIQUE (session_id, stage, run, path)
);

create table attachment_changes (
  id uuid not null,
  "position" bigint not null generated always as identity,
  vocabulary_id text not null,
  meaning text not null,
  code text not null,
  change text not null,
  by text not null,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  undone_at timestamp(3) with time zone,
  undone_by text,
  constraint attachment_changes_change_check CHECK ((change = ANY (ARRAY['attach'::text, 'detach'::text]))),
  constraint attachment_changes_vocabulary_id_fkey FOREIGN KEY (vocabulary_id) REFERENCES vocabularies(id) ON DELETE CASCADE,
  constraint attachment_changes_pkey PRIMARY KEY (id)
);

CREATE INDEX attachment_changes_by_vocabulary ON public.attachment_changes USING btree (vocabulary_id, "position" DESC);

create table audit (
  id bigint not null generated always as identity,
  at timestamp(3) with time zone not null default clock_timestamp(),
  principal text,
  role text,
  name text,
  action text not null,
  object_kind text,
  object_id text,
  result text not null,
  code text,
  request_id text,
  details jsonb not null,
  constraint audit_result_check CHECK ((result = ANY (ARRAY['ok'::text, 'refused'::text, 'failed'::text]))),
  constraint audit_pkey PRIMARY KEY (id)
);

CREATE INDEX audit_by_action ON public.audit USING btree (action, id);

CREATE INDEX audit_by_object ON public.audit USING btree (object_id, id);

CREATE INDEX audit_by_principal ON public.audit USING btree (principal, id);

CREATE INDEX audit_by_time ON public.audit USING btree (at);

CREATE UNIQUE INDEX audit_key_uses ON public.audit USING btree (principal, date_trunc('hour'::text, (at AT TIME ZONE 'UTC'::text))) WHERE (action = 'key.use'::text);

create table blob_references (
  session_id uuid not null,
  sha256 text not null,
  constraint blob_references_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  constraint blob_references_pkey PRIMARY KEY (session_id, sha256)
);

CREATE INDEX blob_references_by_blob ON public.blob_references USING btree (sha256);

create table blobs (
  sha256 text not null,
  size bigint not null,
  last_used_at timestamp(3) with time zone not null default clock_timestamp(),
  collecting boolean not null default false,
  constraint blobs_pkey PRIMARY KEY (sha256)
);

CREATE INDEX blobs_by_use ON public.blobs USING btree (last_used_at);

create table budget_reservations (
  call text not null,
  owner text not null,
  dollars numeric not null,
  tokens bigint not null,
  reserved_at timestamp(3) with time zone not null default clock_timestamp(),
  constraint budget_reservations_pkey PRIMARY KEY (call)
);

CREATE INDEX budget_reservations_by_owner ON public.budget_reservations USING btree (owner);

create table budgets (
  subject text not null,
  dollars_day numeric,
  dollars_month numeric,
  tokens_day bigint,
  tokens_month bigint,
  changed_by text not null,
  changed_at timestamp(3) with time zone not null default clock_timestamp(),
  constraint budgets_pkey PRIMARY KEY (subject)
);

create table checkpoints (
  id uuid not null,
  "position" bigint not null generated always as identity,
  session_id uuid not null,
  stage text not null,
  run integer not null,
  step_id uuid not null,
  execution integer not null,
  base uuid,
  manifest_sha256 text not null,
  files integer not null,
  bytes bigint not null,
  live boolean not null default false,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  released_at timestamp(3) with time zone,
  constraint checkpoints_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  constraint checkpoints_pkey PRIMARY KEY (id)
);

CREATE INDEX checkpoints_by_session ON public.checkpoints USING btree (session_id, "position" DESC);

create table classification_runs (
  id uuid not null,
  owner text not null,
  scope text not null default 'private'::text,
  source_id text not null,
  state text not null,
  settings jsonb not null,
  vocabulary jsonb not null,
  progress jsonb not null,
  notes jsonb not null default '[]'::jsonb,
  error jsonb,
  evaluation jsonb,
  started_at timestamp(3) with time zone not null default clock_timestamp(),
  ended_at timestamp(3) with time zone,
  constraint classification_runs_scope_check CHECK ((scope = ANY (ARRAY['private'::text, 'shared'::text]))),
  constraint classification_runs_source_id_fkey FOREIGN KEY (source_id) REFERENCES data_sources(id) ON DELETE CASCADE,
  constraint classification_runs_pkey PRIMARY KEY (id)
);

CREATE INDEX classification_runs_by_source ON public.classification_runs USING btree (source_id, started_at DESC, id DESC);

CREATE UNIQUE INDEX classification_runs_open ON public.classification_runs USING btree (source_id) WHERE (ended_at IS NULL);

create table classified_columns (
  run_id uuid not null,
  table_position integer not null,
  column_position integer not null,
  column_name text not null,
  type text not null default ''::text,
  sample jsonb not null,
  reference_code text,
  llm jsonb,
  evidence jsonb,
  learned jsonb,
  result jsonb,
  predicted_code text,
  probability double precision,
  needs_review boolean,
  stratum text,
  asked boolean not null default true,
  constraint classified_columns_run_id_table_position_fkey FOREIGN KEY (run_id, table_position) REFERENCES classified_tables(run_id, "position") ON DELETE CASCADE,
  constraint classified_columns_pkey PRIMARY KEY (run_id, table_position, column_position)
);

CREATE INDEX classified_columns_by_code ON public.classified_columns USING btree (run_id, predicted_code);

CREATE INDEX classified_columns_in_doubt ON public.classified_columns USING btree (run_id, probability) WHERE needs_review;

create table classified_datasets (
  id uuid not null,
  owner text not null,
  scope text not null default 'private'::text,
  name text not null,
  source_id text not null,
  version_number integer not null,
  is_active boolean not null,
  parquet_path text not null,
  size bigint not null,
  sha256 text not null,
  summary jsonb not null,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  constraint classified_datasets_scope_check CHECK ((scope = ANY (ARRAY['private'::text, 'shared'::text]))),
  constraint classified_datasets_id_fkey FOREIGN KEY (id) REFERENCES classification_runs(id) ON DELETE CASCADE,
  constraint classified_datasets_source_id_fkey FOREIGN KEY (source_id) REFERENCES data_sources(id) ON DELETE CASCADE,
  constraint classified_datasets_pkey PRIMARY KEY (id),
  constraint classified_datasets_source_id_version_number_key UNIQUE (source_id, version_number)
);

CREATE UNIQUE INDEX classified_datasets_active ON public.classified_datasets USING btree (source_id) WHERE is_active;

create table classified_tables (
  run_id uuid not null,
  "position" integer not null,
  database text not null,
  table_name text not null,
  reference jsonb not null,
  columns integer,
  left_out jsonb not null default '[]'::jsonb,
  error text,
  constraint classified_tables_run_id_fkey FOREIGN KEY (run_id) REFERENCES classification_runs(id) ON DELETE CASCADE,
  constraint classified_tables_pkey PRIMARY KEY (run_id, "position"),
  constraint classified_tables_run_id_database_table_name_key UNIQUE (run_id, database, table_name)
);

create table data_connections (
  id uuid not null,
  name text not null,
  owner text not null,
  scope text not null default 'private'::text,
  type text not null,
  address text not null,
  sealed_credentials text not null,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  last_probe jsonb,
  constraint data_connections_scope_check CHECK ((scope = ANY (ARRAY['private'::text, 'shared'::text]))),
  constraint data_connections_type_check CHECK ((type = ANY (ARRAY['postgres'::text, 's3'::text, 'hive'::text]))),
  constraint data_connections_pkey PRIMARY KEY (id),
  constraint data_connections_name_key UNIQUE (name)
);

create table data_sources (
  id text not null,
  owner text not null,
  scope text not null default 'private'::text,
  source_type text not null,
  source_uri text not null,
  display_name text not null,
  vocabulary_mode text not null default 'tree'::text,
  vocabulary_id text not null,
  connection text,
  files jsonb not null default '[]'::jsonb,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  constraint data_sources_scope_check CHECK ((scope = ANY (ARRAY['private'::text, 'shared'::text]))),
  constraint data_sources_source_type_check CHECK ((source_type = ANY (ARRAY['sample'::text, 'files'::text, 's3'::text, 'postgres'::text, 'duckdb'::text, 'hive'::text]))),
  constraint data_sources_vocabulary_mode_check CHECK ((vocabulary_mode = ANY (ARRAY['tree'::text, 'flat'::text]))),
  constraint data_sources_vocabulary_id_fkey FOREIGN KEY (vocabulary_id) REFERENCES vocabularies(id),
  constraint data_sources_pkey PRIMARY KEY (id)
);

CREATE INDEX data_sources_by_owner ON public.data_sources USING btree (owner, created_at DESC, id DESC);

create table decisions (
  id uuid not null,
  session_id uuid not null,
  stage text,
  run integer,
  key text not null,
  value jsonb,
  alternatives jsonb not null default '[]'::jsonb,
  reason text not null default ''::text,
  evidence jsonb,
  confidence double precision,
  by text not null,
  step_id uuid,
  execution integer,
  yields boolean not null default false,
  queued boolean not null default false,
  "position" bigint not null generated always as identity,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  inherited_from uuid,
  to_confirm boolean not null default false,
  withdraws boolean not null default false,
  change uuid,
  undoes uuid,
  constraint decisions_by_check CHECK ((by = ANY (ARRAY['agent'::text, 'person'::text, 'rule'::text, 'default'::text]))),
  constraint decisions_stage_check CHECK ((stage = ANY (ARRAY['eda'::text, 'prep'::text, 'train'::text]))),
  constraint decisions_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  constraint decisions_pkey PRIMARY KEY (id)
);

CREATE INDEX decisions_by_session ON public.decisions USING btree (session_id, "position");

CREATE INDEX decisions_by_step ON public.decisions USING btree (step_id, execution) WHERE (step_id IS NOT NULL);

create table events (
  stream_id text not null,
  seq bigint not null,
  key text not null,
  type text not null,
  stage text,
  run integer,
  data jsonb not null,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  constraint events_stream_id_fkey FOREIGN KEY (stream_id) REFERENCES streams(stream_id) ON DELETE CASCADE,
  constraint events_pkey PRIMARY KEY (stream_id, seq),
  constraint events_stream_id_key_key UNIQUE (stream_id, key)
);

create table experiments (
  id uuid not null,
  owner text not null,
  name text not null,
  description text not null default ''::text,
  instructions text not null default ''::text,
  dataset_ref text not null,
  dataset jsonb not null,
  target text,
  problem_type text,
  metric text,
  seed bigint not null default 0,
  excluded_columns text[] not null default '{}'::text[],
  test_file text,
  split_column text,
  data_sharing text not null default 'values'::text,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  constraint experiments_data_sharing_check CHECK ((data_sharing = ANY (ARRAY['values'::text, 'aggregates'::text, 'none'::text]))),
  constraint experiments_pkey PRIMARY KEY (id)
);

CREATE INDEX experiments_by_owner ON public.experiments USING btree (owner, created_at DESC, id DESC);

create table idempotency_keys (
  owner text not null,
  key text not null,
  request_sha256 text not null,
  response jsonb,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  constraint idempotency_keys_pkey PRIMARY KEY (owner, key)
);

CREATE INDEX idempotency_keys_by_age ON public.idempotency_keys USING btree (created_at);

create table leases (
  session_id uuid not null,
  host text not null,
  address text not null,
  uid integer,
  epoch bigint not null,
  updated_at timestamp(3) with time zone not null default clock_timestamp(),
  constraint leases_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  constraint leases_pkey PRIMARY KEY (session_id)
);

create table messages (
  id uuid not null,
  "position" bigint not null generated always as identity,
  session_id uuid not null,
  stage text,
  run integer,
  turn integer,
  role text not null,
  content jsonb not null,
  metadata jsonb not null default '{}'::jsonb,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  constraint messages_role_check CHECK ((role = ANY (ARRAY['user'::text, 'assistant'::text, 'tool'::text, 'system'::text]))),
  constraint messages_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  constraint messages_pkey PRIMARY KEY (id)
);

CREATE INDEX messages_by_session ON public.messages USING btree (session_id, "position");

CREATE INDEX messages_pending ON public.messages USING btree (session_id, "position") WHERE ((role = 'user'::text) AND (turn IS NULL));

create table metric_summaries (
  session_id uuid not null,
  stage text not null,
  run integer not null,
  run_tag text not null default ''::text,
  name text not null,
  last double precision,
  last_step bigint not null,
  min double precision,
  max double precision,
  count bigint not null,
  constraint metric_summaries_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  constraint metric_summaries_pkey PRIMARY KEY (session_id, stage, run, run_tag, name)
);

create table metric_tiers (
  session_id uuid not null,
  stage text not null,
  run integer not null,
  run_tag text not null default ''::text,
  name text not null,
  exponent smallint not null,
  bucket bigint not null,
  count bigint not null,
  min double precision,
  min_step bigint,
  max double precision,
  max_step bigint,
  last double precision,
  last_step bigint not null,
  constraint metric_tiers_exponent_check CHECK ((exponent = ANY (ARRAY[6, 12]))),
  constraint metric_tiers_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  constraint metric_tiers_pkey PRIMARY KEY (session_id, stage, run, run_tag, name, exponent, bucket)
);

create table metrics (
  session_id uuid not null,
  stage text not null,
  run integer not null,
  run_tag text not null default ''::text,
  name text not null,
  step bigint not null,
  id uuid not null default gen_random_uuid(),
  value double precision,
  flag text,
  step_id uuid not null,
  execution integer not null,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  constraint metrics_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  constraint metrics_pkey PRIMARY KEY (session_id, stage, run, run_tag, name, step)
);

CREATE INDEX metrics_by_execution ON public.metrics USING btree (step_id, execution);

create table model_calls (
  session_id uuid not null,
  stage text not null,
  run integer not null,
  turn integer not null,
  request_sha256 text not null,
  state text not null,
  attempts integer not null default 0,
  model text not null,
  answer jsonb,
  usage jsonb,
  cost numeric not null default 0,
  error text,
  started_at timestamp(3) with time zone not null default clock_timestamp(),
  ended_at timestamp(3) with time zone,
  deliveries integer not null default 0,
  lost_tokens bigint not null default 0,
  lost_cost numeric not null default 0,
  constraint model_calls_state_check CHECK ((state = ANY (ARRAY['started'::text, 'done'::text, 'failed'::text]))),
  constraint model_calls_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  constraint model_calls_pkey PRIMARY KEY (session_id, stage, run, turn, request_sha256)
);

create unlogged table open_leases (
  id uuid not null,
  subject text not null,
  kind text not null,
  seen_at timestamp(3) with time zone not null default clock_timestamp(),
  constraint open_leases_kind_check CHECK ((kind = ANY (ARRAY['stream'::text, 'upload'::text]))),
  constraint open_leases_pkey PRIMARY KEY (id)
);

CREATE INDEX open_leases_by_subject ON public.open_leases USING btree (subject, kind);

create table principals (
  id text not null,
  role text not null,
  name text,
  seen_at timestamp(3) with time zone not null default clock_timestamp(),
  constraint principals_pkey PRIMARY KEY (id)
);

create table processed_dataset_meta (
  session_id uuid not null,
  experiment_id uuid not null,
  columns jsonb not null,
  feature_columns jsonb not null,
  target_column text not null,
  total_rows bigint not null,
  train_rows bigint not null,
  val_rows bigint not null,
  test_rows bigint not null,
  quality_stats jsonb not null default '{}'::jsonb,
  s3_synced boolean not null default false,
  constraint processed_dataset_meta_experiment_id_fkey FOREIGN KEY (experiment_id) REFERENCES experiments(id),
  constraint processed_dataset_meta_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  constraint processed_dataset_meta_pkey PRIMARY KEY (session_id)
);

create table questions (
  id uuid not null,
  session_id uuid not null,
  step_id uuid not null,
  kind text not null,
  text text not null,
  choices jsonb not null default '[]'::jsonb,
  answer jsonb,
  answered_by text,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  answered_at timestamp(3) with time zone,
  constraint questions_kind_check CHECK ((kind = ANY (ARRAY['question'::text, 'approval'::text]))),
  constraint questions_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  constraint questions_pkey PRIMARY KEY (id)
);

create unlogged table rate_windows (
  subject text not null,
  name text not null,
  at double precision not null,
  current integer not null,
  previous integer not null,
  most integer not null,
  granted boolean not null,
  constraint rate_windows_pkey PRIMARY KEY (subject, name)
);

create table removals (
  kind text not null,
  subject text not null,
  part_of text not null,
  tries integer not null default 0,
  next_try_at timestamp(3) with time zone not null default clock_timestamp(),
  error text,
  requested_at timestamp(3) with time zone not null default clock_timestamp(),
  constraint removals_kind_check CHECK ((kind = ANY (ARRAY['session'::text, 'experiment'::text, 'upload'::text, 'data_source'::text, 'run'::text]))),
  constraint removals_pkey PRIMARY KEY (kind, subject)
);

CREATE INDEX removals_by_time ON public.removals USING btree (next_try_at);

create table reviews (
  id uuid not null,
  "position" bigint not null generated always as identity,
  source_id text not null,
  run_id uuid not null,
  database text not null,
  table_name text not null,
  column_name text not null,
  decision text not null,
  code text,
  suggested_code text,
  note text not null default ''::text,
  by text not null,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  undone_at timestamp(3) with time zone,
  undone_by text,
  constraint reviews_decision_check CHECK ((decision = ANY (ARRAY['accept'::text, 'correct'::text, 'reject'::text, 'none'::text]))),
  constraint reviews_source_id_fkey FOREIGN KEY (source_id) REFERENCES data_sources(id) ON DELETE CASCADE,
  constraint reviews_pkey PRIMARY KEY (id)
);

CREATE INDEX reviews_by_column ON public.reviews USING btree (source_id, database, table_name, column_name, "position" DESC);

CREATE INDEX reviews_by_source ON public.reviews USING btree (source_id, "position");

create table sandbox_hosts (
  id text not null,
  address text not null,
  token_sha256 text not null default ''::text,
  isolation jsonb not null default '{}'::jsonb,
  heartbeat_at timestamp(3) with time zone default clock_timestamp(),
  provider text not null default 'local'::text,
  status text not null default 'PENDING'::text,
  since timestamp(3) with time zone not null default clock_timestamp(),
  checked_at timestamp(3) with time zone not null default clock_timestamp(),
  reason text,
  constraint sandbox_hosts_pkey PRIMARY KEY (id)
);

create table sessions (
  id uuid not null,
  owner text not null,
  experiment_id uuid not null,
  state text not null default 'created'::text,
  failed_stage text,
  waiting jsonb,
  mode text not null,
  model text not null,
  limits jsonb not null default '{}'::jsonb,
  stop_after_step boolean not null default false,
  forked_from jsonb,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  updated_at timestamp(3) with time zone not null default clock_timestamp(),
  follow_up jsonb,
  follow_ups integer not null default 0,
  constraint sessions_mode_check CHECK ((mode = ANY (ARRAY['manual'::text, 'auto'::text]))),
  constraint sessions_experiment_id_fkey FOREIGN KEY (experiment_id) REFERENCES experiments(id),
  constraint sessions_pkey PRIMARY KEY (id)
);

CREATE INDEX sessions_by_experiment ON public.sessions USING btree (experiment_id, created_at DESC, id DESC);

CREATE INDEX sessions_by_owner ON public.sessions USING btree (owner, created_at DESC, id DESC);

CREATE INDEX sessions_running ON public.sessions USING btree (state) WHERE (state = ANY (ARRAY['eda_running'::text, 'prep_running'::text, 'train_running'::text]));

CREATE INDEX sessions_that_wait ON public.sessions USING btree (id) WHERE (waiting IS NOT NULL);

CREATE INDEX sessions_with_follow_up ON public.sessions USING btree (id) WHERE (follow_up IS NOT NULL);

create table sign_ins (
  id uuid not null,
  hash text not null,
  key_id uuid,
  key_hash text not null,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  last_used_at timestamp(3) with time zone not null default clock_timestamp(),
  idle_seconds integer not null,
  ends_at timestamp(3) with time zone not null,
  constraint sign_ins_hash_check CHECK ((hash ~ '^[0-9a-f]{64}$'::text)),
  constraint sign_ins_idle_seconds_check CHECK ((idle_seconds > 0)),
  constraint sign_ins_key_id_fkey FOREIGN KEY (key_id) REFERENCES access_keys(id) ON DELETE CASCADE,
  constraint sign_ins_pkey PRIMARY KEY (id),
  constraint sign_ins_hash_key UNIQUE (hash)
);

CREATE INDEX sign_ins_by_key ON public.sign_ins USING btree (key_id);

create table slot_leases (
  host text not null,
  kind text not null,
  slot integer not null,
  epoch bigint not null,
  execution text,
  session_id text,
  since timestamp(3) with time zone not null default clock_timestamp(),
  device jsonb,
  constraint slot_leases_kind_check CHECK ((kind = ANY (ARRAY['slot'::text, 'gpu'::text]))),
  constraint slot_leases_host_fkey FOREIGN KEY (host) REFERENCES sandbox_hosts(id) ON DELETE CASCADE,
  constraint slot_leases_pkey PRIMARY KEY (host, kind, slot)
);

create table spending (
  owner text not null,
  day date not null,
  dollars numeric not null default 0,
  tokens bigint not null default 0,
  calls integer not null default 0,
  constraint spending_pkey PRIMARY KEY (owner, day)
);

create table stage_runs (
  session_id uuid not null,
  stage text not null,
  run integer not null,
  state text not null,
  reason text,
  stale boolean not null default false,
  prompt_version text not null default ''::text,
  base uuid,
  checkpoint uuid,
  started_at timestamp(3) with time zone not null default clock_timestamp(),
  ended_at timestamp(3) with time zone,
  context_fit jsonb,
  constraint stage_runs_stage_check CHECK ((stage = ANY (ARRAY['eda'::text, 'prep'::text, 'train'::text]))),
  constraint stage_runs_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text, 'cancelled'::text]))),
  constraint stage_runs_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  constraint stage_runs_pkey PRIMARY KEY (session_id, stage, run)
);

create table steps (
  id uuid not null,
  session_id uuid not null,
  stage text not null,
  run integer not null,
  turn integer not null,
  call text not null default ''::text,
  kind text not null,
  tool text,
  title text not null default ''::text,
  state text not null,
  epoch bigint not null default 0,
  execution integer not null default 0,
  base uuid,
  checkpoint uuid,
  input jsonb not null default '{}'::jsonb,
  output jsonb,
  output_offset bigint not null default 0,
  metrics_offset bigint not null default 0,
  usage jsonb,
  cost numeric not null default 0,
  started_at timestamp(3) with time zone not null default clock_timestamp(),
  ended_at timestamp(3) with time zone,
  messages_consumed boolean not null default false,
  ledger_position bigint,
  constraint steps_kind_check CHECK ((kind = ANY (ARRAY['model'::text, 'tool'::text, 'validation'::text]))),
  constraint steps_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text, 'cancelled'::text]))),
  constraint steps_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
  constraint steps_pkey PRIMARY KEY (id),
  constraint steps_session_id_stage_run_turn_call_key UNIQUE (session_id, stage, run, turn, call)
);

create table streams (
  stream_id text not null,
  owner text not null,
  last_seq bigint not null default 0,
  constraint streams_pkey PRIMARY KEY (stream_id)
);

create table sweep_calls (
  run_id uuid not null,
  request_sha256 text not null,
  state text not null,
  attempts integer not null,
  model text not null,
  answer jsonb,
  tokens bigint not null default 0,
  cost numeric not null default 0,
  started_at timestamp(3) with time zone not null default clock_timestamp(),
  ended_at timestamp(3) with time zone,
  constraint sweep_calls_state_check CHECK ((state = ANY (ARRAY['started'::text, 'done'::text]))),
  constraint sweep_calls_run_id_fkey FOREIGN KEY (run_id) REFERENCES classification_runs(id) ON DELETE CASCADE,
  constraint sweep_calls_pkey PRIMARY KEY (run_id, request_sha256)
);

create table upload_uses (
  upload_id uuid not null,
  subject text not null,
  constraint upload_uses_upload_id_fkey FOREIGN KEY (upload_id) REFERENCES uploads(id) ON DELETE CASCADE,
  constraint upload_uses_pkey PRIMARY KEY (upload_id, subject)
);

CREATE INDEX upload_uses_by_subject ON public.upload_uses USING btree (subject);

create table uploads (
  id uuid not null,
  owner text not null,
  name text not null,
  size bigint not null,
  sha256 text not null,
  s3_path text not null,
  profile jsonb,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  constraint uploads_pkey PRIMARY KEY (id)
);

create table vocabularies (
  id text not null,
  owner text not null,
  scope text not null default 'private'::text,
  name text not null,
  form text not null,
  sha256 text not null,
  terms integer not null,
  leaves integer not null,
  findings jsonb not null default '[]'::jsonb,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  constraint vocabularies_form_check CHECK ((form = ANY (ARRAY['tree'::text, 'flat'::text]))),
  constraint vocabularies_scope_check CHECK ((scope = ANY (ARRAY['private'::text, 'shared'::text]))),
  constraint vocabularies_pkey PRIMARY KEY (id)
);

create table vocabulary_texts (
  sha256 text not null,
  text text not null,
  constraint vocabulary_texts_pkey PRIMARY KEY (sha256)
);

create table webhook_deliveries (
  id uuid not null,
  webhook_id uuid not null,
  stream_id text,
  event text not null,
  payload jsonb not null,
  state text not null default 'pending'::text,
  round integer not null default 1,
  attempts integer not null default 0,
  started_round integer not null default 0,
  status integer,
  error text,
  next_attempt_at timestamp(3) with time zone,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  ended_at timestamp(3) with time zone,
  constraint webhook_deliveries_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text]))),
  constraint webhook_deliveries_stream_id_fkey FOREIGN KEY (stream_id) REFERENCES streams(stream_id) ON DELETE CASCADE,
  constraint webhook_deliveries_webhook_id_fkey FOREIGN KEY (webhook_id) REFERENCES webhooks(id) ON DELETE CASCADE,
  constraint webhook_deliveries_pkey PRIMARY KEY (id)
);

CREATE INDEX webhook_deliveries_by_stream ON public.webhook_deliveries USING btree (stream_id);

CREATE INDEX webhook_deliveries_by_webhook ON public.webhook_deliveries USING btree (webhook_id, created_at DESC, id DESC);

CREATE INDEX webhook_deliveries_to_start ON public.webhook_deliveries USING btree (created_at) WHERE (state = 'pending'::text);

create table webhooks (
  id uuid not null,
  owner text not null,
  url text not null,
  events text[] not null,
  sealed_secret text not null,
  created_at timestamp(3) with time zone not null default clock_timestamp(),
  disabled_at timestamp(3) with time zone,
  disabled_reason text,
  constraint webhooks_pkey PRIMARY KEY (id)
);

CREATE INDEX webhooks_by_owner ON public.webhooks USING btree (owner, created_at DESC, id DESC);

create table worker_heartbeats (
  identity text not null,
  build text not null,
  heartbeat_at timestamp(3) with time zone not null default clock_timestamp(),
  started_at timestamp(3) with time zone not null default clock_timestamp(),
  constraint worker_heartbeats_pkey PRIMARY KEY (identity)
);

create sequence epochs;
