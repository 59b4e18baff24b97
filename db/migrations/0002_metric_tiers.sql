-- Points of a series in buckets of 2^exponent neighbouring steps, kept with each batch: what long series are drawn from.
create table metric_tiers (
  session_id uuid not null references sessions (id) on delete cascade,
  stage text not null,
  run integer not null,
  run_tag text not null default '',
  name text not null,
  exponent smallint not null check (exponent in (6, 12)),
  bucket bigint not null,                  -- step >> exponent
  count bigint not null,                   -- points, those without a finite value included
  min double precision,                    -- over finite values; null where there is none
  min_step bigint,
  max double precision,
  max_step bigint,
  last double precision,
  last_step bigint not null,
  primary key (session_id, stage, run, run_tag, name, exponent, bucket)
);
insert into metric_tiers
  (session_id, stage, run, run_tag, name, exponent, bucket, count, min, min_step, max, max_step, last, last_step)
select session_id, stage, run, run_tag, name, exponent, step >> exponent, count(*),
  min(value), (array_agg(step order by value, step) filter (where value is not null))[1],
  max(value), (array_agg(step order by value desc, step) filter (where value is not null))[1],
  (array_agg(value order by step desc))[1], max(step)
from metrics cross join (values (6::smallint), (12::smallint)) as tier (exponent)
group by session_id, stage, run, run_tag, name, exponent, step >> exponent;
