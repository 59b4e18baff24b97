-- Requests of a caller in the present minute and in the one before, by what limits them. Lost in a crash of the server:
-- every caller begins anew. Its time is the database's, so that processes agree whatever their clocks say.
create unlogged table rate_windows (
  subject text not null,                   -- principal id
  name text not null,                      -- 'requests', or 'tool …'
  at double precision not null,            -- minutes since 1970 at the last request; the whole part is the bucket
  current integer not null,                -- granted in the bucket of `at`
  previous integer not null,               -- granted in the bucket before
  most integer not null,                   -- the limit that held at the last request
  granted boolean not null,                -- whether the last request was
  primary key (subject, name)
) with (fillfactor = 50);                  -- every request writes its row: there is room for the next version beside it
