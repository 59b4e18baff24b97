-- Where an owner is told of what becomes of sessions and classifications; the secret that signs is sealed.
create table webhooks (
  id uuid primary key,
  owner text not null,
  url text not null,
  events text[] not null,
  sealed_secret text not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  disabled_at timestamptz(3),
  disabled_reason text
);
create index webhooks_by_owner on webhooks (owner, created_at desc, id desc);

-- One message to one webhook, written with the event that it tells of; a workflow delivers it.
create table webhook_deliveries (
  id uuid primary key,
  webhook_id uuid not null references webhooks (id) on delete cascade,
  stream_id text references streams (stream_id) on delete cascade,   -- null: a test
  event text not null,
  payload jsonb not null,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
  round integer not null default 1,        -- 2 and more: it was sent again by hand
  attempts integer not null default 0,     -- of the round
  started_round integer not null default 0,
  status integer,                          -- of the last answer
  error text,
  next_attempt_at timestamptz(3),
  created_at timestamptz(3) not null default clock_timestamp(),
  ended_at timestamptz(3)
);
create index webhook_deliveries_by_webhook on webhook_deliveries (webhook_id, created_at desc, id desc);
create index webhook_deliveries_to_start on webhook_deliveries (created_at) where state = 'pending';
create index webhook_deliveries_by_stream on webhook_deliveries (stream_id);
