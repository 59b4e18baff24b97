/**
 * Whatever an execution's chunks hold, they are written to a real Postgres without an error, and what was dropped
 * is listed.
 */

import type { StoredEvent } from '../core/events.ts';
import type { ExecutionChunk, ExecutionExit, LoggedMetric } from '../core/ports/sandbox.ts';
import { sessionStream } from '../core/session-names.ts';
import * as repositories from '../db/index.ts';
import { startTestPostgres, type TestPostgres } from '../db/testing/postgres.ts';
import { readBack } from '../db/testing/read-back.ts';
import { addSession, USER_A } from '../db/testing/rows.ts';
import type { ToolCall } from '../workflows/contract/activities.ts';
import { ExecutionRecorder } from './execution-recorder.ts';
import type { ActivityPorts } from './ports.ts';

let postgres: TestPostgres;
let database: repositories.Database;
let events: repositories.EventHub;

beforeAll(async () => {
  postgres = await startTestPostgres();
  database = postgres.open();
  events = repositories.createEventHub(database);
}, 60_000);
afterAll(async () => {
  await events?.close();
  await postgres?.stop();
});

const metric = (fields: Partial<LoggedMetric>): LoggedMetric => ({
  ...{ step: 1, name: 'loss', value: 0.5, run_tag: '' },
  ...fields,
});
const output = (text: string, stream = 'stdout') => ({
  kind: 'output',
  stream,
  data: Buffer.from(text),
  byteOffset: 0,
});
const table = (name: string, cell: unknown) => ({
  kind: 'rich',
  json: JSON.stringify({ kind: 'table', name, data: { columns: ['a'], rows: [[cell]], total_rows: 1 } }),
});
const exit = { status: 'ok', message: '', errorValue: 'a\0b' } as ExecutionExit;

async function recorded(chunks: object[], isOurs = false) {
  const { session, stepId } = await addSession(database);
  // of the ports it uses these alone
  const ports = { database, events } as unknown as ActivityPorts;
  const call = { sessionId: session.id, stage: 'eda', run: 1 } as ToolCall;
  const bound = new Set(['split.by']);
  const step = { id: stepId, execution: 1, epoch: 1, writtenOffset: 0, bound, isOurs };
  const recorder = new ExecutionRecorder(ports, call, step);
  for (const [offset, chunk] of [...chunks, { kind: 'exit', exit }].entries())
    await recorder.add({ offset, ...chunk } as ExecutionChunk);
  await recorder.end();
  const stream = sessionStream(session.id);
  const page = readBack<{ items: StoredEvent[] }>(
    await repositories.readEvents(database, USER_A, { streamId: stream, after: 0, limit: 100 }),
  );
  const items = page?.items.filter(({ type }) =>
    /^(code_output|metrics_batch|chart_config|rich_log|decisions)$/.test(type),
  );
  const summaries = await repositories.metricSummaries(database, USER_A, session.id);
  const decisions = await repositories.listDecisions(database, USER_A, session.id);
  const types = (items ?? []).map(({ type }) => type);
  return { events: types, items, summaries, decisions, stderr: recorder.output.stderr.text };
}

test('hostile content is written, or dropped and listed, and what stands beside it is kept', async () => {
  const { events, summaries, stderr } = await recorded([
    {
      kind: 'metrics',
      items: [metric({ step: 2 ** 60 }), metric({ name: 'a\0b' }), metric({ name: '\ud800' })],
    },
    {
      kind: 'metrics',
      items: [metric({ step: 0.5 }), metric({ name: '🐧'.repeat(200), run_tag: '🐧'.repeat(200) })],
    },
    { kind: 'metrics', items: [metric({ value: Number.NaN }), metric({ name: 'x'.repeat(5000) })] },
    { kind: 'charts', json: '{' },
    { kind: 'charts', json: '{"charts":[{"title":"\\u0000\\ud800","metrics":["loss"],"type":"line"}]}' },
    { kind: 'rich', json: '[]' },
    table('t\0\ud800', 'a\0\udfff'),
    output('a\0b\ud800'),
    { kind: 'output', stream: 'stdout', data: Buffer.from([255, 0, 254]), byteOffset: 9 },
  ]);
  expect(events).toEqual([
    ...['metrics_batch', 'metrics_batch', 'metrics_batch', 'chart_config', 'rich_log'],
    ...['code_output', 'code_output'],
  ]);
  expect(summaries?.length).toBe(4);
  expect(stderr).toBe(
    'tempera: dropped by the worker: 2 × a metric point (the step is no whole number that JSON keeps exactly); ' +
      '1 × a metric point (a name is no text of at most 200 characters); ' +
      '1 × a dashboard (not in the form that tempera sends); 1 × a table or image (not in the ' +
      'form that tempera sends).\n',
  );
});

test('a script that logs as it should is listed nothing', async () => {
  const { events, stderr } = await recorded([
    { kind: 'metrics', items: [metric({})] },
    table('t', 1),
    output('on\n'),
  ]);
  expect(events).toEqual(['metrics_batch', 'rich_log', 'code_output']);
  expect(stderr).toBe('');
});

const decision = (key: string, fields: object = {}) => ({
  kind: 'decision',
  json: JSON.stringify({ key, value: 'patient', ...fields }),
});

test.each([
  [true, ['rule', 'default', 'agent', 'agent']],
  [false, ['agent', 'agent', 'agent', 'agent']],
])(
  'that a rule or a default decided is believed of the platform’s own scripts alone: %p',
  async (isOurs, by) => {
    const bases = ['rule', 'default', 'agent', undefined];
    const chunks = bases.map((basis, at) => decision(`column.c${at}.use`, basis ? { basis } : {}));
    const { decisions, items, stderr } = await recorded(chunks, isOurs);
    expect(decisions?.map((row) => row.by)).toEqual(by);
    const listed = items?.flatMap(({ type, data }) => (type === 'decisions' ? data.items : []));
    expect(listed).toEqual(by.map((each) => expect.objectContaining({ by: each })));
    expect(stderr).toBe('');
  },
);

test('no script says that a person has decided', async () => {
  const { decisions, stderr } = await recorded([decision('split.by', { basis: 'person' })], true);
  expect(decisions).toEqual([]);
  expect(stderr).toContain('1 × a decision (not in the form that tempera sends)');
});

test('what a script decides is proposed, and yields where it has to follow another', async () => {
  const whole = {
    reason: 'rows of one err together',
    alternatives: [{ value: 'shop', changes: 'more rows to test' }],
    evidence: { by_rows: 0.9, by_groups: 0.7 },
    confidence: 0.8,
  };
  const { decisions, items, stderr } = await recorded([
    decision('split.by'),
    output('on\n'),
    decision('column.größe.use', whole),
  ]);
  expect(decisions?.map(({ key, by, stage, run, standing }) => ({ key, by, stage, run, standing }))).toEqual([
    { key: 'split.by', by: 'agent', stage: 'eda', run: 1, standing: 'yielded' },
    { key: 'column.größe.use', by: 'agent', stage: 'eda', run: 1, standing: 'proposed' },
  ]);
  expect(decisions?.[1]).toMatchObject({ value: 'patient', ...whole });
  const listed = items?.filter(({ type }) => type === 'decisions').flatMap(({ data }) => data.items);
  expect(listed).toEqual([
    expect.objectContaining({ id: decisions?.[0]?.id, key: 'split.by', yields: true }),
    expect.objectContaining({ id: decisions?.[1]?.id, key: 'column.größe.use', yields: false }),
  ]);
  expect(stderr).toBe('');
});

test('a decision that is none is dropped and listed, and a NUL in one is kept as U+FFFD', async () => {
  const deep = `${'['.repeat(40)}${']'.repeat(40)}`;
  const { decisions, stderr } = await recorded([
    decision('Split'),
    decision('a', { by: 'person' }),
    decision('a', { value: 'x'.repeat(5_000) }),
    { kind: 'decision', json: `{"key":"a","value":${deep}}` },
    { kind: 'decision', json: '{' },
    decision('a', { reason: 'a\0b', value: ['\ud800'] }),
  ]);
  expect(decisions?.map(({ key, value, reason }) => [key, value, reason])).toEqual([
    ['a', ['\ufffd'], 'a\ufffdb'],
  ]);
  expect(stderr).toBe(
    'tempera: dropped by the worker: 5 × a decision (not in the form that tempera sends).\n',
  );
});

test('many decisions are listed in events of at most 64 KiB', async () => {
  const many = Array.from({ length: 300 }, (_, at) =>
    decision(`column.c${at}.use`, { reason: 'x'.repeat(900) }),
  );
  const { decisions, items } = await recorded(many);
  expect(decisions).toHaveLength(300);
  const listed = (items ?? []).filter(({ type }) => type === 'decisions');
  expect(listed.flatMap(({ data }) => data.items)).toHaveLength(300);
  for (const { data } of listed)
    expect(Buffer.byteLength(JSON.stringify(data))).toBeLessThanOrEqual(64 * 1024);
});
