-- A session keeps so many bytes of checkpoints; beyond that its oldest give up their files.
alter table checkpoints add column released_at timestamptz(3);           -- null = its files are kept
