-- What a caller holds open now: streams and uploads, one row each, kept alive by the process that serves it. Lost in a
-- crash of the server: processes write what they serve again.
create unlogged table open_leases (
  id uuid primary key,
  subject text not null,                   -- principal id
  kind text not null check (kind in ('stream', 'upload')),
  seen_at timestamptz(3) not null default clock_timestamp()
);
create index open_leases_by_subject on open_leases (subject, kind);
