-- A person can take a decision back, and undo a change: what was changed at once bears one id.
alter table decisions
  add column withdraws boolean not null default false,  -- the agent's own choice counts again
  add column change uuid,                               -- null: given at the start, or not a person's
  add column undoes uuid;                               -- the change that this row takes back
