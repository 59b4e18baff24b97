-- What is in force for a step is fixed where it begins: decisions up to this position, however often its code runs.
alter table steps add column ledger_position bigint;                    -- null: of an older release, nothing is
