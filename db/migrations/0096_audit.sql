-- Who did what to which object with which result. Rows are added and never changed; only those older than the setting
-- audit.keepDays go, by the worker's chore, which says so in its transaction.
create table audit (
  id bigint generated always as identity primary key,
  at timestamptz(3) not null default clock_timestamp(),
  principal text,                          -- null: nobody was known yet
  role text,
  name text,                               -- as people know the principal
  action text not null,                    -- 'POST /api/sessions/:id/cancel', a gRPC method, 'key.use', 'sign-in', …
  object_kind text,
  object_id text,
  result text not null check (result in ('ok', 'refused', 'failed')),
  code text,                               -- of the refusal or failure
  request_id text,
  details jsonb not null                   -- redacted
);
create index audit_by_principal on audit (principal, id);
create index audit_by_object on audit (object_id, id);
create index audit_by_action on audit (action, id);
create index audit_by_time on audit (at);
-- of a key's uses one row an hour
create unique index audit_key_uses on audit (principal, date_trunc('hour', at at time zone 'UTC'))
  where action = 'key.use';

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('tempera.audit_retention', true) = 'on' then
    return null;
  end if;
  raise exception 'The audit is append-only: % is refused.', tg_op using errcode = 'insufficient_privilege';
end $$;
create trigger audit_is_append_only before update or delete or truncate on audit
  for each statement execute function refuse_audit_change();
