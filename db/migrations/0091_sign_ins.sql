-- Sign-ins of browsers: what their cookies stand for. Of a cookie's value there is its SHA-256 alone. What a sign-in
-- may is never written here: it is what its key may, for as long as the key counts.
create table sign_ins (
  id uuid primary key,
  hash text not null unique check (hash ~ '^[0-9a-f]{64}$'),
  key_id uuid references access_keys (id) on delete cascade, -- null: a key of the settings
  key_hash text not null,                                   -- of the key's token; by it a key of the settings is found
  created_at timestamptz(3) not null default clock_timestamp(),
  last_used_at timestamptz(3) not null default clock_timestamp(), -- to the minute
  idle_seconds integer not null check (idle_seconds > 0),   -- without a request for so long it ends
  ends_at timestamptz(3) not null
);
create index sign_ins_by_key on sign_ins (key_id);
