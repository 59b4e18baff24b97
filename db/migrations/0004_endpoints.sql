-- What workers see of sandbox hosts when they ask them, and who holds which slot and GPU there.
alter table sandbox_hosts alter column token_sha256 set default '';
alter table sandbox_hosts alter column heartbeat_at drop not null;      -- null = it has never answered
alter table sandbox_hosts add column provider text not null default 'local';
alter table sandbox_hosts add column status text not null default 'PENDING';  -- ProcessStatus without its prefix
alter table sandbox_hosts add column since timestamptz(3) not null default clock_timestamp();
alter table sandbox_hosts add column checked_at timestamptz(3) not null default clock_timestamp();
alter table sandbox_hosts add column reason text;

create table slot_leases (
  host text not null references sandbox_hosts (id) on delete cascade,
  kind text not null check (kind in ('slot', 'gpu')),
  slot integer not null,
  epoch bigint not null,                                                -- of the lease: higher at each grant
  execution text,                                                       -- null = free
  session_id text,
  since timestamptz(3) not null default clock_timestamp(),
  device jsonb,                                                         -- of a GPU: what it is and how busy
  primary key (host, kind, slot)
);

alter table worker_heartbeats add column started_at timestamptz(3) not null default clock_timestamp();
