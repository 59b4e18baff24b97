-- Answers of a model that came, wholly or in part, and could not be kept: they are paid for, and bounded by turn.
alter table model_calls add column deliveries integer not null default 0;    -- since a person last let the turn go on
alter table model_calls add column lost_tokens bigint not null default 0;    -- what all of them used, estimated where unknown
alter table model_calls add column lost_cost numeric not null default 0;     -- US dollars
-- How a stage run's conversation is made to fit its model: {summarised, shortened, characters}; null = as it is.
alter table stage_runs add column context_fit jsonb;
-- Sessions that wait are few and asked for often.
create index sessions_that_wait on sessions (id) where waiting is not null;
