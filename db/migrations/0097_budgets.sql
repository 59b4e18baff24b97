-- Who was seen last with which role: what a budget of the policies goes by where a worker asks.
create table principals (
  id text primary key,
  role text not null,
  name text,
  seen_at timestamptz(3) not null default clock_timestamp()
);

-- A budget of one key or person, in place of its role's; null: no limit.
create table budgets (
  subject text primary key,
  dollars_day numeric,
  dollars_month numeric,
  tokens_day bigint,
  tokens_month bigint,
  changed_by text not null,
  changed_at timestamptz(3) not null default clock_timestamp()
);

-- What an owner's model calls have used in a day (UTC). It outlives the sessions: deleting one gives nothing back.
create table spending (
  owner text not null,
  day date not null,
  dollars numeric not null default 0,
  tokens bigint not null default 0,
  calls integer not null default 0,
  primary key (owner, day)
);

-- What a model call in flight may use at most. One that nobody settles counts for an hour.
create table budget_reservations (
  call text primary key,                   -- 'session/…' or 'classification/…'
  owner text not null,
  dollars numeric not null,
  tokens bigint not null,
  reserved_at timestamptz(3) not null default clock_timestamp()
);
create index budget_reservations_by_owner on budget_reservations (owner);

create function add_spending(of_owner text, more_dollars numeric, more_tokens bigint, more_calls integer)
returns void language sql as $$
  insert into spending as s (owner, day, dollars, tokens, calls)
  select of_owner, (clock_timestamp() at time zone 'UTC')::date, more_dollars, more_tokens, more_calls
  where of_owner is not null and (more_dollars <> 0 or more_tokens <> 0 or more_calls <> 0)
  on conflict (owner, day) do update set dollars = s.dollars + excluded.dollars,
    tokens = s.tokens + excluded.tokens, calls = s.calls + excluded.calls
$$;

create function tokens_of(usage jsonb) returns bigint language sql immutable as $$
  select coalesce((usage ->> 'input')::bigint, 0) + coalesce((usage ->> 'output')::bigint, 0)
    + coalesce((usage ->> 'cacheRead')::bigint, 0) + coalesce((usage ->> 'cacheWrite')::bigint, 0)
$$;

-- Every way in which a call's row says what it used settles it: an answer that was stored, and one that was lost.
create function settle_model_call() returns trigger language plpgsql as $$
begin
  perform add_spending((select owner from sessions where id = new.session_id),
    coalesce(new.cost, 0) + new.lost_cost - coalesce(old.cost, 0) - old.lost_cost,
    tokens_of(new.usage) + new.lost_tokens - tokens_of(old.usage) - old.lost_tokens,
    (new.state = 'done' and old.state <> 'done')::integer);
  if new.state <> 'started' then
    delete from budget_reservations
    where call = format('session/%s/%s/%s/%s', new.session_id, new.stage, new.run, new.turn);
  end if;
  return null;
end $$;
create trigger model_call_is_settled after update on model_calls
  for each row execute function settle_model_call();

create function settle_sweep_call() returns trigger language plpgsql as $$
begin
  perform add_spending((select owner from classification_runs where id = new.run_id),
    new.cost - old.cost, new.tokens - old.tokens, (new.state = 'done' and old.state <> 'done')::integer);
  if new.state = 'done' then
    delete from budget_reservations where call = format('classification/%s/%s', new.run_id, new.request_sha256);
  end if;
  return null;
end $$;
create trigger sweep_call_is_settled after update on sweep_calls
  for each row execute function settle_sweep_call();
