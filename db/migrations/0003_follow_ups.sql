-- After train_done a message opens a follow-up: the open one, and how many there were.
alter table sessions add column follow_up jsonb;                        -- {n, stage, run, first_turn}; null = none is open
alter table sessions add column follow_ups integer not null default 0;
create index sessions_with_follow_up on sessions (id) where follow_up is not null;
