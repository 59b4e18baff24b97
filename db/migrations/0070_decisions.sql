-- The ledger of decisions: what was chosen rather than given. Of each key the latest row that counts is in force.
create table decisions (
  id uuid primary key,                     -- of a script's: derived from step, execution and offset
  session_id uuid not null references sessions (id) on delete cascade,
  stage text check (stage in ('eda', 'prep', 'train')),  -- null: it concerns none
  run integer,                             -- null: a person's, which no run makes stale
  key text not null,                       -- dotted: split.by, column.age.use
  value jsonb,                             -- null is a value: none
  alternatives jsonb not null default '[]',
  reason text not null default '',
  evidence jsonb,
  confidence double precision,
  by text not null check (by in ('agent', 'person', 'rule', 'default')),
  step_id uuid,                            -- it counts once this step is done; null: at once
  execution integer,
  yields boolean not null default false,   -- another's decision held: it never counts
  queued boolean not null default false,   -- a person's change that waits for the end of a stage
  position bigint generated always as identity,
  created_at timestamptz(3) not null default clock_timestamp()
);
create index decisions_by_session on decisions (session_id, position);
create index decisions_by_step on decisions (step_id, execution) where step_id is not null;
