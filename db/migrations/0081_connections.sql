-- Data connections that people made. Their credentials are sealed by a key that is not in the database, and bound to
-- id, type and address: no statement can have them sent elsewhere.
create table data_connections (
  id uuid primary key,
  name text not null unique,               -- one's on the whole platform: sources name it
  owner text not null,
  scope text not null default 'private' check (scope in ('private', 'shared')),
  type text not null check (type in ('postgres', 's3', 'hive')),
  address text not null,                   -- never with a credential
  sealed_credentials text not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  last_probe jsonb                         -- {ok, message, tables, at}; null: not tested yet
);
