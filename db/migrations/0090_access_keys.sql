-- Keys that an admin has made. Of a token there is its SHA-256 alone; one that was taken back or rotated keeps its row.
create table access_keys (
  id uuid primary key,
  name text not null check (char_length(name) between 1 and 100),
  hash text not null unique check (hash ~ '^[0-9a-f]{64}$'),
  role text not null check (role in ('admin', 'agent', 'user', 'readonly')),
  scopes text[],                           -- permissions that it is narrowed to; null: all of its role
  owner text not null,                     -- whose what it makes is
  created_by text not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  expires_at timestamptz(3),
  last_used_at timestamptz(3),             -- to the minute
  revoked_at timestamptz(3),
  rotated_to uuid references access_keys (id)
);
