-- Of a big source one column of each kind of name and type is asked about, and the others are taken for like it.
alter table classified_columns add column stratum text;
alter table classified_columns add column asked boolean not null default true;

-- What a classification asks of a model: `started` is committed before a request goes out, its answer before use,
-- so that no complete answer is paid for again.
create table sweep_calls (
  run_id uuid not null references classification_runs (id) on delete cascade,
  request_sha256 text not null,            -- of the whole request
  state text not null check (state in ('started', 'done')),
  attempts integer not null,               -- requests sent: more than one means that one was repeated
  model text not null,
  answer jsonb,
  tokens bigint not null default 0,
  cost numeric not null default 0,
  started_at timestamptz(3) not null default clock_timestamp(),
  ended_at timestamptz(3),
  primary key (run_id, request_sha256)
);
