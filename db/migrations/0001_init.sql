-- Times are kept to the millisecond, as they are served: a cursor made of a served time then misses no row.
-- The first form of every table. Columns that later parts use (fork, stale, tiers) are here from the start.

create table experiments (
  id uuid primary key,
  owner text not null,
  name text not null,
  description text not null default '',
  instructions text not null default '',
  dataset_ref text not null,               -- s3://bucket/prefix of the uploaded files
  dataset jsonb not null,                  -- {files:[{name,path,size,sha256}], profile}
  target text,
  problem_type text,
  metric text,
  seed bigint not null default 0,
  excluded_columns text[] not null default '{}',
  test_file text,
  split_column text,
  data_sharing text not null default 'values' check (data_sharing in ('values', 'aggregates', 'none')),
  created_at timestamptz(3) not null default clock_timestamp()
);
create index experiments_by_owner on experiments (owner, created_at desc, id desc);

create table uploads (
  id uuid primary key,
  owner text not null,
  name text not null,
  size bigint not null,
  sha256 text not null,
  s3_path text not null,
  profile jsonb,
  created_at timestamptz(3) not null default clock_timestamp()
);

create table sessions (
  id uuid primary key,
  owner text not null,
  experiment_id uuid not null references experiments (id),
  state text not null default 'created',
  failed_stage text,
  waiting jsonb,
  mode text not null check (mode in ('manual', 'auto')),
  model text not null,                     -- provider/model
  limits jsonb not null default '{}',
  stop_after_step boolean not null default false,
  forked_from jsonb,
  base_checkpoint uuid,                    -- of a fork: what its first stage starts from
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp()
);
create index sessions_by_owner on sessions (owner, created_at desc, id desc);
create index sessions_by_experiment on sessions (experiment_id, created_at desc, id desc);
create index sessions_running on sessions (state) where state in ('eda_running', 'prep_running', 'train_running');

create table stage_runs (
  session_id uuid not null references sessions (id) on delete cascade,
  stage text not null check (stage in ('eda', 'prep', 'train')),
  run integer not null,
  state text not null check (state in ('running', 'done', 'failed', 'cancelled')),
  reason text,
  stale boolean not null default false,
  prompt_version text not null default '',
  base uuid,                               -- checkpoint that the run starts from; null = empty workspace
  checkpoint uuid,                         -- the last one of the run
  started_at timestamptz(3) not null default clock_timestamp(),
  ended_at timestamptz(3),
  primary key (session_id, stage, run)
);

create table steps (
  id uuid primary key,                     -- derived from session, stage, run, turn, call
  session_id uuid not null references sessions (id) on delete cascade,
  stage text not null,
  run integer not null,
  turn integer not null,
  call text not null default '',           -- the tool call's id; empty for the model's step
  kind text not null check (kind in ('model', 'tool', 'validation')),
  tool text,
  title text not null default '',
  state text not null check (state in ('running', 'done', 'failed', 'cancelled')),
  epoch bigint not null default 0,
  execution integer not null default 0,
  base uuid,
  checkpoint uuid,
  input jsonb not null default '{}',
  output jsonb,
  output_offset bigint not null default 0,
  metrics_offset bigint not null default 0,
  usage jsonb,
  cost numeric not null default 0,
  started_at timestamptz(3) not null default clock_timestamp(),
  ended_at timestamptz(3),
  unique (session_id, stage, run, turn, call)
);

create table messages (
  id uuid primary key,                     -- derived from its key
  position bigint generated always as identity, -- the order of writing, also within a millisecond
  session_id uuid not null references sessions (id) on delete cascade,
  stage text,                              -- null: said outside a stage, for the next one's first turn
  run integer,
  turn integer,
  role text not null check (role in ('user', 'assistant', 'tool', 'system')),
  content jsonb not null,                  -- blocks in the Messages API's form
  metadata jsonb not null default '{}',
  created_at timestamptz(3) not null default clock_timestamp()
);
create index messages_by_session on messages (session_id, position);
create index messages_pending on messages (session_id, position) where role = 'user' and turn is null;

create table model_calls (
  session_id uuid not null references sessions (id) on delete cascade,
  stage text not null,
  run integer not null,
  turn integer not null,
  request_sha256 text not null,
  state text not null check (state in ('started', 'done', 'failed')),
  attempts integer not null default 0,     -- requests sent: more than one means that one was repeated
  model text not null,
  answer jsonb,
  usage jsonb,
  cost numeric not null default 0,
  error text,
  started_at timestamptz(3) not null default clock_timestamp(),
  ended_at timestamptz(3),
  primary key (session_id, stage, run, turn, request_sha256)
);

create table checkpoints (
  id uuid primary key,                     -- derived from step and execution
  position bigint generated always as identity, -- the order of writing, also within a millisecond
  session_id uuid not null references sessions (id) on delete cascade,
  stage text not null,
  run integer not null,
  step_id uuid not null,
  execution integer not null,
  base uuid,
  manifest_sha256 text not null,           -- of the manifest's blob
  files integer not null,
  bytes bigint not null,
  live boolean not null default false,
  created_at timestamptz(3) not null default clock_timestamp()
);
create index checkpoints_by_session on checkpoints (session_id, position desc);

create table blobs (
  sha256 text primary key,
  size bigint not null,
  last_used_at timestamptz(3) not null default clock_timestamp(),
  collecting boolean not null default false -- its object may be gone: whoever needs it uploads it again
);
create index blobs_by_use on blobs (last_used_at);

-- What keeps a blob: a session whose checkpoints or outputs name it.
create table blob_references (
  session_id uuid not null references sessions (id) on delete cascade,
  sha256 text not null,
  primary key (session_id, sha256)
);
create index blob_references_by_blob on blob_references (sha256);

create table artifacts (
  id uuid primary key,                     -- derived from session, stage, run, path
  session_id uuid not null references sessions (id) on delete cascade,
  stage text not null,
  run integer not null,
  step_id uuid,
  stale boolean not null default false,
  type text not null check (type in ('report', 'chart', 'dataset', 'model', 'script', 'metadata', 'file')),
  name text not null,
  path text not null,
  s3_path text not null,
  size bigint not null,
  sha256 text not null,
  metadata jsonb not null default '{}',
  created_at timestamptz(3) not null default clock_timestamp(),
  unique (session_id, stage, run, path)
);

create table metrics (
  session_id uuid not null references sessions (id) on delete cascade,
  stage text not null,
  run integer not null,
  run_tag text not null default '',
  name text not null,
  step bigint not null,
  id uuid not null default gen_random_uuid(),
  value double precision,                  -- null where it was not finite
  flag text,                               -- NaN, Infinity, -Infinity
  step_id uuid not null,
  execution integer not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  primary key (session_id, stage, run, run_tag, name, step)
);
create index metrics_by_execution on metrics (step_id, execution);

create table metric_summaries (
  session_id uuid not null references sessions (id) on delete cascade,
  stage text not null,
  run integer not null,
  run_tag text not null default '',
  name text not null,
  last double precision,
  last_step bigint not null,
  min double precision,
  max double precision,
  count bigint not null,
  primary key (session_id, stage, run, run_tag, name)
);

create table processed_dataset_meta (
  session_id uuid primary key references sessions (id) on delete cascade,
  experiment_id uuid not null references experiments (id),
  columns jsonb not null,
  feature_columns jsonb not null,
  target_column text not null,
  total_rows bigint not null,
  train_rows bigint not null,
  val_rows bigint not null,
  test_rows bigint not null,
  quality_stats jsonb not null default '{}',
  s3_synced boolean not null default false
);

create table streams (
  stream_id text primary key,              -- session/{id}
  owner text not null,
  last_seq bigint not null default 0
);

create table events (
  stream_id text not null references streams (stream_id) on delete cascade,
  seq bigint not null,
  key text not null,
  type text not null,
  stage text,
  run integer,
  data jsonb not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  primary key (stream_id, seq),
  unique (stream_id, key)
);

create table leases (
  session_id uuid primary key references sessions (id) on delete cascade,
  host text not null,                      -- host id
  address text not null,
  uid integer,
  epoch bigint not null,
  updated_at timestamptz(3) not null default clock_timestamp()
);

create table sandbox_hosts (
  id text primary key,
  address text not null,
  token_sha256 text not null,
  isolation jsonb not null default '{}',
  heartbeat_at timestamptz(3) not null default clock_timestamp()
);

create table worker_heartbeats (
  identity text primary key,
  build text not null,
  heartbeat_at timestamptz(3) not null default clock_timestamp()
);

create table questions (
  id uuid primary key,
  session_id uuid not null references sessions (id) on delete cascade,
  step_id uuid not null,
  kind text not null check (kind in ('question', 'approval')),
  text text not null,
  choices jsonb not null default '[]',
  answer jsonb,
  answered_by text,
  created_at timestamptz(3) not null default clock_timestamp(),
  answered_at timestamptz(3)
);

create table idempotency_keys (
  owner text not null,
  key text not null,
  request_sha256 text not null,
  response jsonb,
  created_at timestamptz(3) not null default clock_timestamp(),
  primary key (owner, key)
);

-- Epochs are handed out from one sequence: any later attempt anywhere has a higher one.
create sequence epochs;
