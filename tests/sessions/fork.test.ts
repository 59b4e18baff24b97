/**
 * A fork has what its origin had up to a step, goes on from there, pays for nothing again and changes nothing
 * there.
 */

import { createHash } from 'node:crypto';
import type { Message, Session, Step } from '../../core/records.ts';
import { createDatabase } from '../../db/index.ts';
import type { MessagesRequest } from '../anthropic-server/wire.ts';
import { expectGapless } from '../platform/invariants.ts';
import {
  code,
  finish,
  type ScriptedPlatform,
  type ScriptedTurn,
  startEda,
  tool,
  VALID_EDA,
} from '../platform/scripted.ts';
import { takeScripted } from '../platform/shared.ts';

const note = (title: string, content: string) =>
  code(
    title,
    [
      'import pathlib',
      "pathlib.Path('eda').mkdir(exist_ok=True)",
      `pathlib.Path('eda/note.txt').write_text('${content}')`,
      `print('${content}')`,
    ].join('\n'),
  );
const logs = code(
  'log',
  `from tempera import log\nfor step in range(50): log(step, {'loss': 1 / (step + 1)})`,
);

const turns: ScriptedTurn[] = [
  [note('first', 'one'), tool('ask_user', { question: 'Go on?' })],
  [logs, note('second', 'two')],
  [code('report', VALID_EDA)],
  [finish('done')],
];

describe('a fork', () => {
  let scripted: ScriptedPlatform;
  let origin: string;
  let steps: Step[];
  beforeAll(async () => {
    scripted = await takeScripted({ eda: turns });
    origin = await startEda(scripted);
    const asked = await rest().waitForEvent(origin, (event) => event.type === 'question');
    await rest().send('POST', `/api/sessions/${origin}/answers/${asked.data.id}`, { text: 'yes, go on' });
    await rest().waitFor(origin, ['eda_done']);
    steps = await rest().steps(origin);
  }, 240_000);
  afterAll(() => scripted?.stop(), 60_000);

  const rest = () => scripted.platform.rest;
  const fork = (step: Step | undefined, headers: Record<string, string> = {}) =>
    rest().post<Session & { code: string }>(`/api/sessions/${origin}/fork`, { step: step?.id }, headers);
  const titled = (title: string) => steps.find((step) => step.title === title);
  const messagesOf = async (id: string) =>
    (await rest().get<{ items: Message[] }>(`/api/sessions/${id}/messages?order=oldest&limit=200`)).items;
  /** Everything that could show a change of the origin. */
  const fingerprint = async () => {
    const all = [
      await rest().session(origin),
      await rest().steps(origin),
      await messagesOf(origin),
      await rest().events(origin),
    ];
    return createHash('sha256').update(JSON.stringify(all)).digest('hex');
  };

  test('at a script stands still there, and goes on with its files when it is resumed', async () => {
    const before = await fingerprint();
    const calls = scripted.model.counts().calls;
    const answer = await fork(titled('first'));
    expect(answer.status).toBe(201);
    const forked = answer.body;
    expect(answer.headers.get('location')).toBe(`/api/sessions/${forked.id}`);
    expect(forked).toMatchObject({
      state: 'eda_running',
      waiting: { reason: 'stopped' },
      forked_from: { session: origin, step: titled('first')?.id },
    });
    const events = await rest().events(forked.id);
    expectGapless(events);
    expect(events.filter((event) => event.type === 'tool_end')).toHaveLength(1);
    expect(JSON.stringify(events.slice(0, -2))).not.toContain(origin);
    expect(events.slice(-2).map(({ data }) => data)).toMatchObject([
      { forked_from: { session: origin, step: titled('first')?.id } },
      { reason: 'stopped', forked: true },
    ]);
    expect((await rest().usage(forked.id)).requests).toBe(0);

    expect((await rest().send('POST', `/api/sessions/${forked.id}/resume`, {})).status).toBe(200);
    // the question comes after the script, so that it is asked again
    const asked = await rest().waitForEvent(forked.id, (event) => event.type === 'question');
    await rest().send('POST', `/api/sessions/${forked.id}/answers/${asked.data.id}`, { text: 'yes' });
    await rest().waitFor(forked.id, ['eda_done']);
    expect(scripted.model.counts().calls).toBe(calls + 3);
    expect((await rest().usage(forked.id)).requests).toBe(3);
    expect((await rest().steps(forked.id)).map((step) => step.title)).toEqual(
      steps.map((step) => step.title),
    );
    expect(await fingerprint()).toBe(before);
    // a fork of the fork stands where it was forked itself, and tells of both
    const later = (await rest().steps(forked.id)).find(({ title }) => title === 'second');
    const path = `/api/sessions/${forked.id}/fork`;
    const again = (await rest().send<Session>('POST', path, { step: later?.id })).body;
    const origins = (await rest().events(again.id)).flatMap(({ data }) => data.forked_from ?? []);
    expect(origins).toMatchObject([{ session: origin }, { session: forked.id, step: later?.id }]);
    expect((await rest().session(again.id)).waiting).toEqual({ reason: 'stopped' });
  }, 120_000);

  test('at a later step keeps answers, metrics and what the model was told, word for word', async () => {
    const known = new Set(scripted.model.requests);
    const forked = (await fork(titled('second'))).body;
    await rest().send('POST', `/api/sessions/${forked.id}/resume`, {});
    await rest().waitFor(forked.id, ['eda_done']);
    const events = await rest().events(forked.id);
    expect(events.filter((event) => event.type === 'question')).toHaveLength(1);
    const summaries = await rest().get<{ summaries: { name: string; count: number }[] }>(
      `/api/sessions/${forked.id}/metrics`,
    );
    expect(summaries.summaries).toEqual([expect.objectContaining({ name: 'loss', count: 50 })]);
    const asked = scripted.model.requests.filter((request) => !known.has(request));
    expect(asked).toHaveLength(2);
    const third = scripted.model.requests.find(
      (request) => known.has(request) && request.messages.length === 5,
    );
    expect(textOf(asked[0])).toEqual(textOf(third));
    const file = await fetch(`${rest().url}/api/sessions/${forked.id}/files/eda/note.txt`);
    expect(await file.text()).toBe('two');
  }, 120_000);

  test('at the end of a stage is done there, with artifacts of its own that outlive the origin', async () => {
    const last = steps.find((step) => step.kind === 'validation');
    const forked = (await fork(last)).body;
    expect(forked).toMatchObject({ state: 'eda_done', waiting: null });
    const { items } = await rest().get<{ items: { path: string; s3_path: string }[] }>(
      `/api/sessions/${forked.id}/artifacts`,
    );
    expect(items.map((artifact) => artifact.path)).toContain('eda/report.md');
    expect(items.every((artifact) => artifact.s3_path.includes(forked.id))).toBe(true);
    expect((await rest().send('POST', `/api/sessions/${forked.id}/stages/train/start`, {})).status).toBe(409);
    expect((await rest().send('POST', `/api/sessions/${forked.id}/stages/prep/start`, {})).status).toBe(202);
    expect((await rest().send('POST', `/api/sessions/${forked.id}/cancel`, {})).status).toBe(200);
  }, 120_000);

  test('is made once for an Idempotency-Key, and refused where there is no such step', async () => {
    const headers = { 'idempotency-key': 'fork-1' };
    const first = await fork(titled('second'), headers);
    const second = await fork(titled('second'), headers);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body.id).toBe(first.body.id);
    expect((await fork(titled('first'), headers)).body.code).toBe('IDEMPOTENCY_MISMATCH');
    const absent = await rest().send('POST', `/api/sessions/${origin}/fork`, {
      step: '00000000-0000-8000-8000-000000000000',
    });
    expect(absent.status).toBe(404);
    const database = createDatabase({ url: scripted.platform.variables().DATABASE_URL ?? '', poolSize: 1 });
    const forks = await database.query<{ id: string }>(
      `select id from sessions where forked_from ->> 'session' = $1`,
      [origin],
    );
    await database.close();
    expect(forks).toHaveLength(4);
  }, 120_000);
});

/** A conversation without the ids that name the session. */
function textOf(request: MessagesRequest | undefined): string {
  return JSON.stringify(request?.messages).replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID');
}
