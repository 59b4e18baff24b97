-- What another session had decided and this one begins with: by whom stays said, and from where.
alter table decisions
  add column inherited_from uuid,                              -- the session; it may be gone by now
  add column to_confirm boolean not null default false;   -- a safe choice that nobody has confirmed yet
