-- What is left to do of a deletion outside the database (objects, histories of workflows, workspaces): written in its
-- transaction, gone when all of it is done, so that a kill in between leaves nothing behind for ever.
create table removals (
  kind text not null check (kind in ('session', 'experiment', 'upload', 'data_source', 'run')),
  subject text not null,
  part_of text not null,                   -- what was deleted, where this was a part of it
  tries integer not null default 0,
  next_try_at timestamptz(3) not null default clock_timestamp(),
  error text,                              -- why the last try left something
  requested_at timestamptz(3) not null default clock_timestamp(),
  primary key (kind, subject)
);
create index removals_by_time on removals (next_try_at);

-- Which experiments and data sources were made of an upload: it goes with the last of them.
create table upload_uses (
  upload_id uuid not null references uploads (id) on delete cascade,
  subject text not null,
  primary key (upload_id, subject)
);
create index upload_uses_by_subject on upload_uses (subject);
