-- What people change of what patterns and lists attach to: of a meaning and a term the last change that was not undone
-- holds. A run keeps those that held when it began (`attachments` of its vocabulary).
create table attachment_changes (
  id uuid primary key,
  position bigint generated always as identity, -- the order of writing
  vocabulary_id text not null references vocabularies (id) on delete cascade,
  meaning text not null,
  code text not null,
  change text not null check (change in ('attach', 'detach')),
  by text not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  undone_at timestamptz(3),
  undone_by text
);
create index attachment_changes_by_vocabulary on attachment_changes (vocabulary_id, position desc);
