-- A turn's step says itself whether it has taken what waited; until now its execution stood for that.
alter table steps add column messages_consumed boolean not null default false;
update steps set messages_consumed = true where kind = 'model' and execution > 0;

-- What events told in words, or left to be guessed, they tell in fields: those that were written before, too.
update events set data = data || jsonb_build_object('follow_up', jsonb_build_object(
    'n', substring(data ->> 'reason' from '^follow-up ([0-9]+) ')::integer,
    'change', substring(data ->> 'reason' from '^follow-up [0-9]+ (opened|done|failed|cancelled)$')))
where type = 'state_change' and data ->> 'reason' ~ '^follow-up [0-9]+ (opened|done|failed|cancelled)$';

update events set data = data || jsonb_build_object('forked_from', jsonb_build_object(
    'session', substring(data ->> 'reason' from '^forked from session ([0-9a-f-]{36}) '),
    'step', substring(data ->> 'reason' from ' at step ([0-9a-f-]{36})$')))
where type = 'state_change' and key = 'forked';

update events set data = data || '{"forked": true}' where type = 'waiting' and key = 'forked/stopped';

update events set data = data || jsonb_build_object('step', split_part(key, '/', 1))
where type = 'file_created' and key ~ '^[0-9a-f-]{36}/[0-9]+/file/';

-- The wait that a question was asked with ends by its answer.
update events ended set data = ended.data || jsonb_build_object('answers', jsonb_build_object(
    'question', q.id, 'answer', q.answer, 'by', q.answered_by, 'at', q.answered_at))
from questions q
  join events asked on asked.stream_id = 'session/' || q.session_id and asked.key = q.step_id || '/' || q.kind
  cross join lateral (
    select e.seq from events e
    where e.stream_id = asked.stream_id and e.seq > asked.seq and e.type = 'waiting' and e.data ->> 'reason' is null
    order by e.seq limit 1
  ) following
where q.answered_at is not null and ended.stream_id = asked.stream_id and ended.seq = following.seq;

-- Nothing starts from it: a fork's open run stands at its own checkpoint, a new one at that of the stage before.
alter table sessions drop column base_checkpoint;
