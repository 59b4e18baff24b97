/** Messages: what was said in a session, by whom, and the turn that produced or consumed it. */

import { TemperaError } from '../core/errors.ts';
import { isId } from '../core/ids.ts';
import type { Principal } from '../core/principal.ts';
import type { Message, Step } from '../core/records.ts';
import type { Queryable, Transaction } from './database.ts';
import { type JsonText, readJsonPage } from './json-lists.ts';
import { only, ownerFilter, type PageRequest, readCursor, rowsRequested, toJson } from './sql.ts';
import { sessionGate } from './visibility.ts';

export type NewMessage = Omit<Message, 'created_at' | 'metadata'> & { metadata?: Message['metadata'] };

const COLUMNS: Record<keyof Message, 'value' | 'time'> = {
  ...{ id: 'value', session_id: 'value', stage: 'value', run: 'value', turn: 'value', role: 'value' },
  ...{ content: 'value', metadata: 'value', created_at: 'time' },
};
const NAMES = Object.keys(COLUMNS);
const SELECT = NAMES.map((name) => `m.${name}`).join(', ');

/** Writes a message; one whose id exists stays as it is. Returns the row. */
export async function insertMessage(tx: Transaction, message: NewMessage): Promise<Message> {
  await tx.query(
    `insert into messages (id, session_id, stage, run, turn, role, content, metadata)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id) do nothing`,
    [
      message.id,
      message.session_id,
      message.stage,
      message.run,
      message.turn,
      message.role,
      toJson(message.content),
      toJson(message.metadata ?? {}),
    ],
  );
  return only(await tx.query<Message>(`select ${SELECT} from messages m where m.id = $1`, [message.id]));
}

/**
 * The messages by these ids, in the order of the ids.
 * @throws TemperaError NOT_FOUND when one is missing: a conversation with a hole must not be sent.
 */
export async function getMessages(q: Queryable, ids: string[]): Promise<Message[]> {
  const rows = await q.query<Message>(
    `select ${SELECT} from unnest($1::uuid[]) with ordinality as wanted (id, place)
     join messages m on m.id = wanted.id order by wanted.place`,
    [ids],
  );
  if (rows.length === ids.length) return rows;
  const found = new Set(rows.map((row) => row.id));
  const missing = ids.find((id) => !found.has(id));
  throw new TemperaError('NOT_FOUND', `Message ${missing} of the conversation is gone.`);
}

/**
 * A page of the session's messages (Message), newest first, or oldest first with `order: 'oldest'`; null when the
 * session is absent or not the principal's.
 */
export async function listMessages(
  q: Queryable,
  principal: Principal,
  { session, ...request }: PageRequest & { session: string; order?: 'newest' | 'oldest' | undefined },
): Promise<JsonText | null> {
  const [place] = readCursor(request, 1) ?? [null];
  const [beyond, direction] = request.order === 'oldest' ? ['>', 'asc'] : ['<', 'desc'];
  if (!isId(session)) return null;
  return await readJsonPage(q, request, {
    sql: `select ${SELECT}, m.position from messages m
      where m.session_id = $1 and ($2::bigint is null or m.position ${beyond} $2::bigint)
      order by m.position ${direction} limit $3`,
    parameters: [session, place, rowsRequested(request), ownerFilter(principal)],
    columns: COLUMNS,
    place: ['position'],
    gate: sessionGate('$1', '$4'),
  });
}

/** What a person has said and no turn has taken up, in the order in which it was said. */
export function pendingUserMessages(q: Queryable, session: string): Promise<Message[]> {
  return q.query<Message>(
    `select ${SELECT} from messages m
     where m.session_id = $1 and m.role = 'user' and m.turn is null order by m.position`,
    [session],
  );
}

/** All that a person has said in a session, in messages that a turn has taken up and in answers. */
export async function personsWords(q: Queryable, session: string): Promise<string[]> {
  const rows = await q.query<{ text: string }>(
    `select m.content -> 0 ->> 'text' as text from messages m
     where m.session_id = $1 and m.role = 'user' and m.turn is not null and m.metadata ->> 'kind' is null
     union all
     select coalesce(a.answer ->> 'text', a.answer ->> 'note') from questions a
     where a.session_id = $1 and a.answered_by is not null`,
    [session],
  );
  return rows.flatMap(({ text }) => text ?? []);
}

/**
 * Gives what waits to the turn of a model's step and returns it, in the order of being said. Once for each step: its
 * further attempts ask the same, whatever has been said since.
 */
export async function consumePending(tx: Transaction, step: Pick<Step, 'id'>): Promise<Message[]> {
  return tx.query<Message>(
    `with first as (
       update steps set messages_consumed = true where id = $1 and not messages_consumed
       returning session_id, stage, run, turn
     ), taken as (
       update messages m set stage = first.stage, run = first.run, turn = first.turn from first
       where m.session_id = first.session_id and m.role = 'user' and m.turn is null
       returning ${SELECT}, m.position
     )
     select ${NAMES.join(', ')} from taken order by position`,
    [step.id],
  );
}

/** Replaces what a message says. */
export async function setMessageContent(
  tx: Transaction,
  id: string,
  content: Message['content'],
): Promise<void> {
  await tx.query('update messages set content = $2 where id = $1', [id, toJson(content)]);
}

/**
 * How often a tool's result has been given in its stage run, itself included, by the signature in its metadata; counted
 * since a person last said something: 0 when a message of theirs waits, or where the result bears no signature.
 */
export async function timesGiven(q: Queryable, result: string): Promise<number> {
  const rows = await q.query<{ times: number }>(
    `with own as (
       select session_id, stage, run, position, metadata ->> 'signature' as signature from messages where id = $1
     ), heard as (
       select max(case when m.role = 'user' then m.turn else m.turn + 1 end) as since from messages m, own o
       where (m.session_id, m.stage, m.run) = (o.session_id, o.stage, o.run)
         and (m.role = 'user' and m.metadata ->> 'kind' is distinct from 'nudge'
           or m.role = 'tool' and m.metadata ->> 'tool' in ('ask_user', 'request_approval'))
     )
     select count(*)::integer as times from messages m, own o, heard h
     where (m.session_id, m.stage, m.run) = (o.session_id, o.stage, o.run) and m.role = 'tool'
       and m.metadata ->> 'signature' = o.signature and m.position <= o.position and m.turn >= coalesce(h.since, 0)
       and not exists (
         select from messages p where p.session_id = o.session_id and p.role = 'user' and p.turn is null)`,
    [result],
  );
  return only(rows).times;
}
