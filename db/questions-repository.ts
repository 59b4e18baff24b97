/** Questions and requests for approval that an agent has put to people. The first answer counts. */

import { TemperaError } from '../core/errors.ts';
import { isId } from '../core/ids.ts';
import type { Principal } from '../core/principal.ts';
import type { Queryable, Transaction } from './database.ts';
import { nullableJson, only, ownerFilter, storableText, toJson } from './sql.ts';

export interface Question {
  id: string;
  session_id: string;
  step_id: string;
  kind: 'question' | 'approval';
  text: string;
  choices: string[];
  /** JSON, as it was given. */
  answer: unknown;
  answered_by: string | null;
  created_at: string;
  answered_at: string | null;
}

const NAMES = [
  ...[
    'id',
    'session_id',
    'step_id',
    'kind',
    'text',
    'choices',
    'answer',
    'answered_by',
    'created_at',
    'answered_at',
  ],
];
const SELECT = NAMES.map((name) => `t.${name}`).join(', ');

/** Writes a question; one whose id exists stays as it is. Returns the row. */
export async function insertQuestion(
  tx: Transaction,
  question: Pick<Question, 'id' | 'session_id' | 'step_id' | 'kind' | 'text'> & { choices?: string[] },
): Promise<Question> {
  await tx.query(
    `insert into questions (id, session_id, step_id, kind, text, choices) values ($1, $2, $3, $4, $5, $6)
     on conflict (id) do nothing`,
    [
      ...[question.id, question.session_id, question.step_id, question.kind, storableText(question.text)],
      toJson(question.choices ?? []),
    ],
  );
  return only(await tx.query<Question>(`select ${SELECT} from questions t where t.id = $1`, [question.id]));
}

/** The question, or null when it is absent or its session is not the principal's. */
export async function getQuestion(q: Queryable, principal: Principal, id: string): Promise<Question | null> {
  return selectQuestion(q, principal, { id });
}

async function selectQuestion(
  q: Queryable,
  principal: Principal,
  { id, lock = '' }: { id: string; lock?: string },
): Promise<Question | null> {
  if (!isId(id)) return null;
  const rows = await q.query<Question>(
    `select ${SELECT} from questions t join sessions s on s.id = t.session_id
     where t.id = $1 and ($2::text is null or s.owner = $2) ${lock}`,
    [id, ownerFilter(principal)],
  );
  return rows[0] ?? null;
}

/** What was asked in a session, oldest first; nothing of another's session. */
export function listQuestions(q: Queryable, principal: Principal, session: string): Promise<Question[]> {
  return q.query<Question>(
    `select ${SELECT} from questions t join sessions s on s.id = t.session_id
     where t.session_id = $1 and ($2::text is null or s.owner = $2) order by t.created_at, t.id`,
    [session, ownerFilter(principal)],
  );
}

/** What waits for an answer, oldest first. */
export function openQuestions(q: Queryable, session: string): Promise<Question[]> {
  return q.query<Question>(
    `select ${SELECT} from questions t where t.session_id = $1 and t.answered_at is null order by t.created_at, t.id`,
    [session],
  );
}

/**
 * Keeps the answer.
 * @throws TemperaError NOT_FOUND when the question is absent or not the principal's; CONFLICT when it is answered.
 */
export async function answerQuestion(
  tx: Transaction,
  principal: Principal,
  { id, answer }: { id: string; answer: unknown },
): Promise<Question> {
  const question = await selectQuestion(tx, principal, { id, lock: 'for update of t' });
  if (question === null) throw new TemperaError('NOT_FOUND', `There is no question [${id}].`);
  if (question.answered_at !== null) {
    const message =
      `The ${question.kind} was answered by ${question.answered_by} at ${question.answered_at}; ` +
      'the first answer counts.';
    throw new TemperaError('CONFLICT', message, { details: { answered_at: question.answered_at } });
  }
  return only(
    await tx.query<Question>(
      `update questions t set answer = $2, answered_by = $3, answered_at = clock_timestamp()
       where t.id = $1 returning ${SELECT}`,
      [id, nullableJson(answer), principal.id],
    ),
  );
}
