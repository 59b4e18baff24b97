/** `tempera classify review`: the columns that a person should look at, and what they decide of them. */

import { randomUUID } from 'node:crypto';
import type { ReviewDecision } from '../../core/classification/records.ts';
import type { ApiClient } from '../api-client.ts';
import { type Command, type CommandContext, text, type Values } from '../command.ts';
import { usageError } from '../exit-code.ts';
import { tableOf } from '../output.ts';
import { chosenRun, Queue, Reviews, RUN_OPTIONS, RUN_USAGE, Similar } from './classification-records.ts';
import { wholeNumber } from './option-values.ts';

/** Columns of one command. */
const MOST_COLUMNS = 1_000;

const review: Command = {
  name: 'classify review',
  usage:
    '[COLUMN …] [--accept | --correct CODE | --reject | --none] [--similar] [--note TEXT] ' +
    `${RUN_USAGE} [--limit N]`,
  summary:
    'Lists the columns to look at, what settles most first; with COLUMN (ids of results) decides them, with ' +
    '--similar also those like them.',
  options: {
    ...RUN_OPTIONS,
    ...{ accept: { type: 'boolean' }, correct: { type: 'string' }, reject: { type: 'boolean' } },
    ...{ none: { type: 'boolean' }, similar: { type: 'boolean' }, note: { type: 'string' } },
    limit: { type: 'string' },
  },
  arguments: [0, MOST_COLUMNS],
  async run(context, columns, values) {
    const decision = decisionOf(values);
    const limit = wholeNumber(values, 'limit', { least: 1, otherwise: 20, most: 500 });
    if ((decision === null) !== (columns.length === 0))
      throw usageError(
        decision === null
          ? `Decide ${columns.join(' ')} by one of --accept, --correct CODE, --reject, --none.`
          : `Name the COLUMN that it is about: the ids are in npm start -- classify review.`,
      );
    const client = await context.api();
    const id = await chosenRun(client, values);
    if (decision === null) return await listQueue(context, client, { id, limit });
    return await decide(context, client, { id, columns, decision, values });
  },
};

interface Decided {
  decision: ReviewDecision;
  code?: string;
}

/** The one that is given; null for none. @throws CommandError usage for several */
function decisionOf(values: Values): Decided | null {
  const code = text(values, 'correct');
  const given: Decided[] = [
    ...(['accept', 'reject', 'none'] as const)
      .filter((name) => values[name] === true)
      .map((decision) => ({ decision })),
    ...(code === undefined ? [] : [{ decision: 'correct' as const, code }]),
  ];
  if (given.length > 1) throw usageError('Give one of --accept, --correct CODE, --reject, --none.');
  return given[0] ?? null;
}

async function listQueue(
  { output, terminal }: CommandContext,
  client: ApiClient,
  { id, limit }: { id: string; limit: number },
): Promise<undefined> {
  const { items, undecided } = await client.request(Queue, `/api/fsm/runs/${id}/queue?limit=${limit}`);
  const rows = items.map((column) => ({
    ...{ id: column.id, table: column.table_name, column: column.column_name },
    ...{ suggested: column.predicted_code ?? '', belief: column.belief.toFixed(2), settles: column.settles },
  }));
  output.result({ run_id: id, undecided, queue: items }, tableOf(rows, terminal.columns));
  output.say(`${undecided} columns are to be looked at.`);
  return undefined;
}

interface Deciding {
  id: string;
  columns: readonly string[];
  decision: Decided;
  values: Values;
}

async function decide(
  { output, terminal }: CommandContext,
  client: ApiClient,
  { id, columns, decision, values }: Deciding,
): Promise<undefined> {
  const note = text(values, 'note');
  const all = values.similar === true ? await withSimilar(client, id, columns) : columns;
  const items = all.map((column) => ({ column, ...decision, ...(note !== undefined && { note }) }));
  const order = { json: { items }, idempotencyKey: randomUUID() };
  const { items: made } = await client.request(Reviews, `/api/fsm/runs/${id}/reviews`, order);
  const rows = made.map(({ table_name, column_name, decision: decided, code }) => ({
    ...{ table: table_name, column: column_name, decision: decided, code: code ?? '' },
  }));
  output.result({ run_id: id, reviews: made }, tableOf(rows, terminal.columns));
  return undefined;
}

async function withSimilar(client: ApiClient, id: string, columns: readonly string[]): Promise<string[]> {
  const found = new Set(columns);
  for (const column of columns) {
    const path = `/api/fsm/runs/${id}/columns/${encodeURIComponent(column)}/similar`;
    const { items } = await client.request(Similar, path);
    for (const each of items) found.add(each.id);
  }
  return [...found].slice(0, MOST_COLUMNS);
}

export const classificationReviewCommands: Command[] = [review];
