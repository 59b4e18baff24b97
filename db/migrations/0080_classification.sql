-- Classification: sources, vocabularies, runs with their columns, people's decisions, and the files that come of it.
-- `scope` is private (its owner's) or shared (everybody may see it).

create table vocabularies (
  id text primary key,
  owner text not null,
  scope text not null default 'private' check (scope in ('private', 'shared')),
  name text not null,
  form text not null check (form in ('tree', 'flat')),
  sha256 text not null,                    -- of its text, which vocabulary_texts keeps
  terms integer not null,
  leaves integer not null,
  findings jsonb not null default '[]',
  created_at timestamptz(3) not null default clock_timestamp()
);

-- Never changed: a run says by the hash what it read, and can be computed again.
create table vocabulary_texts (
  sha256 text primary key,
  text text not null
);

create table data_sources (
  id text primary key,
  owner text not null,
  scope text not null default 'private' check (scope in ('private', 'shared')),
  source_type text not null check (source_type in ('sample', 'files', 's3', 'postgres', 'duckdb', 'hive')),
  source_uri text not null,                -- never with a credential
  display_name text not null,
  vocabulary_mode text not null default 'tree' check (vocabulary_mode in ('tree', 'flat')),
  vocabulary_id text not null references vocabularies (id),
  connection text,
  files jsonb not null default '[]',
  created_at timestamptz(3) not null default clock_timestamp()
);
create index data_sources_by_owner on data_sources (owner, created_at desc, id desc);

create table classification_runs (
  id uuid primary key,
  owner text not null,
  scope text not null default 'private' check (scope in ('private', 'shared')),
  source_id text not null references data_sources (id) on delete cascade,
  state text not null,
  settings jsonb not null,
  vocabulary jsonb not null,               -- {id, name, sha256}
  progress jsonb not null,
  notes jsonb not null default '[]',
  error jsonb,
  evaluation jsonb,
  started_at timestamptz(3) not null default clock_timestamp(),
  ended_at timestamptz(3)
);
create index classification_runs_by_source on classification_runs (source_id, started_at desc, id desc);
-- one at a time
create unique index classification_runs_open on classification_runs (source_id) where ended_at is null;

create table classified_tables (
  run_id uuid not null references classification_runs (id) on delete cascade,
  position integer not null,               -- 0, 1, 2 … in the order of database and name
  database text not null,
  table_name text not null,
  reference jsonb not null,
  columns integer,                         -- null: not sampled yet
  left_out jsonb not null default '[]',
  error text,                              -- why it could not be sampled
  primary key (run_id, position),
  unique (run_id, database, table_name)
);

create table classified_columns (
  run_id uuid not null,
  table_position integer not null,
  column_position integer not null,
  column_name text not null,
  type text not null default '',
  sample jsonb not null,                   -- {total_count, null_count, distinct_count, reservoir}
  reference_code text,
  llm jsonb,                               -- {code, confidence, alternatives}
  evidence jsonb,                          -- masses by source
  learned jsonb,                           -- masses of the members that learn, by source
  result jsonb,                            -- null until it was fused
  predicted_code text,
  probability double precision,
  needs_review boolean,
  primary key (run_id, table_position, column_position),
  foreign key (run_id, table_position) references classified_tables (run_id, position) on delete cascade
);
create index classified_columns_by_code on classified_columns (run_id, predicted_code);
create index classified_columns_in_doubt on classified_columns (run_id, probability) where needs_review;

create table reviews (
  id uuid primary key,
  position bigint generated always as identity, -- the order of writing: the last that was not undone holds
  source_id text not null references data_sources (id) on delete cascade,
  run_id uuid not null,
  database text not null,
  table_name text not null,
  column_name text not null,
  decision text not null check (decision in ('accept', 'correct', 'reject', 'none')),
  code text,
  suggested_code text,
  note text not null default '',
  by text not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  undone_at timestamptz(3),
  undone_by text
);
create index reviews_by_source on reviews (source_id, position);
create index reviews_by_column on reviews (source_id, database, table_name, column_name, position desc);

create table classified_datasets (
  id uuid primary key references classification_runs (id) on delete cascade,
  owner text not null,
  scope text not null default 'private' check (scope in ('private', 'shared')),
  name text not null,
  source_id text not null references data_sources (id) on delete cascade,
  version_number integer not null,
  is_active boolean not null,
  parquet_path text not null,
  size bigint not null,
  sha256 text not null,
  summary jsonb not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  unique (source_id, version_number)
);
create unique index classified_datasets_active on classified_datasets (source_id) where is_active;
