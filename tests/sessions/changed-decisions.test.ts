/**
 * Decisions that a person changes, through the whole platform with the offline agent: the right stage is made anew and
 * nothing before it, here or in a fork, at once or when the stage that runs has ended; by REST and on the command line.
 * Who may only read is refused what changes something, by the workflow's updates too.
 */

import { Client, Connection } from '@temporalio/client';
import type { Decision } from '../../core/decisions.ts';
import type { Principal } from '../../core/principal.ts';
import type { Artifact, Session, StageRun } from '../../core/records.ts';
import { sessionWorkflowId } from '../../core/session-names.ts';
import {
  DECIDE_WAYS,
  type DecideResult,
  type DecideWay,
  decideUpdate,
} from '../../workflows/contract/messages.ts';
import { documentOf, temperaHere } from '../pipelines/command-line.ts';
import { expectGapless } from '../platform/invariants.ts';
import type { TestPlatform } from '../platform/platform.ts';
import { takePlatform } from '../platform/shared.ts';

interface Trained {
  model: { name: string };
  primary_metric: string;
}
interface Prepared {
  feature_columns: string[];
}
type Ledger = { items: Decision[] };

describe('changed decisions', () => {
  let platform: TestPlatform;
  let session: string;
  /** What the first training had chosen. */
  let learnt: string;
  let judged: string;
  beforeAll(async () => {
    platform = await takePlatform();
    const fields = { name: 'penguins', target: 'species', excluded_columns: '["bill_depth_mm"]' };
    const experiment = await rest().createExperiment('examples/penguins.csv', fields);
    session = (await rest().createSession(experiment.id, { mode: 'auto', model: 'autopilot/standard' })).id;
    await rest().waitFor(session, ['train_done']);
  }, 400_000);
  afterAll(() => platform?.stop(), 60_000);

  const rest = () => platform.rest;
  const file = <T>(id: string, path: string) => rest().get<T>(`/api/sessions/${id}/files/${path}`);
  const ledger = async (id: string) => {
    const { items } = await rest().get<Ledger>(`/api/sessions/${id}/decisions`);
    return new Map(items.map((decision) => [decision.key, decision]));
  };
  const runs = async (id: string) => {
    const { items } = await rest().get<{ items: StageRun[] }>(`/api/sessions/${id}/stages`);
    return items.map(({ stage, run, state, stale }) => `${stage} ${run} ${state}${stale ? ' stale' : ''}`);
  };
  const decide = (changes: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    rest().send<DecideResult & { code: string; detail: string }>(
      'POST',
      `/api/sessions/${session}/decisions`,
      { changes: Object.entries(changes).map(([key, value]) => ({ key, value })), ...more },
    );

  test('the offline agent’s scripts tell what they chose, and by whom it was decided', async () => {
    const decided = await ledger(session);
    const by = Object.fromEntries([...decided].map(([key, decision]) => [key, decision.by]));
    expect(by).toMatchObject({
      ...{ target: 'person', 'column.bill_depth_mm.use': 'person', problem: 'agent', metric: 'default' },
      ...{ 'split.strategy': 'default', 'model.choice': 'agent' },
    });
    // of what there is not nothing is decided: no penguin stands there twice
    expect(by).not.toHaveProperty('rows.repeats');
    const choice = decided.get('model.choice');
    expect(choice?.alternatives.length).toBeGreaterThan(1);
    expect(choice?.evidence).toHaveProperty(String(choice?.value));
  });

  test('what the table does not allow is refused with what is possible, and a dry run changes nothing', async () => {
    const before = await ledger(session);
    const refused = await decide({ target: 'weight' });
    expect([refused.status, refused.body.code]).toEqual([422, 'INVALID_DECISION']);
    expect(refused.body.detail).toContain('"body_mass_g"');
    const dry = await decide(
      { metric: 'f1_macro', 'column.sex.use': 'out' },
      { dry_run: true, how: 'rerun' },
    );
    expect(dry.body).toMatchObject({ stage: 'prep', anew: ['prep', 'train'], how: 'rerun', queued: false });
    expect(await ledger(session)).toEqual(before);
    expect(await runs(session)).toEqual(['eda 1 done', 'prep 1 done', 'train 1 done']);
  });

  test('a learner and, while it is fitted, a metric: train runs again for each, and nothing before it', async () => {
    const first = await file<Trained>(session, 'train/data/metadata.json');
    learnt = first.model.name;
    judged = first.primary_metric;
    const other = first.model.name === 'linear' ? 'extra_trees' : 'linear';
    const learner = await decide({ 'model.choice': other }, { how: 'rerun' });
    expect(learner.body).toMatchObject({ stage: 'train', anew: ['train'], how: 'rerun', queued: false });
    const metric = await decide({ metric: 'f1_macro' }, { how: 'rerun' });
    expect(metric.body).toMatchObject({ stage: 'train', how: 'rerun', queued: true });
    await rest().waitForEvent(
      session,
      ({ type, stage, run }) => type === 'report_ready' && stage === 'train' && run === 3,
    );
    await rest().waitFor(session, ['train_done']);
    const trained = await file<Trained>(session, 'train/data/metadata.json');
    expect([trained.model.name, trained.primary_metric]).toEqual([other, 'f1_macro']);
    expect(await runs(session)).toEqual([
      ...['eda 1 done', 'prep 1 done', 'train 1 done', 'train 2 done', 'train 3 done'],
    ]);
    const decided = await ledger(session);
    for (const key of ['model.choice', 'metric']) expect(decided.get(key)?.by).toBe('person');
  }, 400_000);

  test('undo: decided as before, the former outputs are back and nothing is computed or paid', async () => {
    const first = await rest().get<{ items: Artifact[] }>(
      `/api/sessions/${session}/artifacts?stage=train&run=1`,
    );
    const known = await ledger(session);
    const before = await rest().usage(session);
    const steps = (await rest().steps(session)).filter(({ stage, run }) => stage === 'train' && run === 1);
    const back = { 'model.choice': learnt, metric: judged };
    expect(known.get('metric')?.value).not.toBe(judged);
    const undone = await decide(back, { how: 'rerun' });
    expect(undone.body.adopted).toEqual([{ stage: 'train', run: 4, of: 1 }]);
    expect((await rest().session(session)).state).toBe('train_done');
    const trained = await file<Trained>(session, 'train/data/metadata.json');
    expect([trained.model.name, trained.primary_metric]).toEqual([learnt, judged]);
    const again = await rest().get<{ items: Artifact[] }>(
      `/api/sessions/${session}/artifacts?stage=train&run=4`,
    );
    const content = ({ items }: { items: Artifact[] }) => items.map(({ path, sha256 }) => [path, sha256]);
    expect(content(again)).toEqual(content(first));
    const usage = await rest().usage(session);
    expect([usage.requests, usage.cost]).toEqual([before.requests, before.cost]);
    const copied = (await rest().steps(session)).filter(({ stage, run }) => stage === 'train' && run === 4);
    expect(copied.map(({ title, state }) => [title, state])).toEqual(
      steps.map(({ title, state }) => [title, state]),
    );
    expect((await ledger(session)).get('model.choice')).toMatchObject({ value: learnt, by: 'person' });
    expectGapless(await rest().events(session));
  });

  let forked: string;
  test('a column and what becomes of repeats, on the command line: a fork goes on from before prep', async () => {
    const before = await runs(session);
    const repeats = (await ledger(session)).get('rows.repeats')?.value === 'keep' ? 'drop' : 'keep';
    const set = ['--set', 'column.sex.use=out', '--set', `rows.repeats=${repeats}`];
    const done = await temperaHere(['decisions', session, ...set, '--format', 'json'], platform);
    const answer = documentOf(done);
    expect(answer.data).toMatchObject({ how: 'fork', stage: 'prep', anew: ['prep', 'train'] });
    const fork = String(Object(answer.data).session);
    await rest().waitFor(fork, ['train_done']);
    const prepared = await file<Prepared>(fork, 'prep/data/metadata.json');
    expect(prepared.feature_columns).not.toContain('sex');
    expect(prepared.feature_columns).not.toContain('bill_depth_mm');
    const decided = await ledger(fork);
    expect(decided.get('rows.repeats')).toMatchObject({ value: repeats, by: 'person' });
    expect(decided.get('column.sex.use')).toMatchObject({ value: 'out', by: 'person' });
    expect(await runs(fork)).toEqual(['eda 1 done', 'prep 1 done', 'train 1 done']);
    const stages = (await rest().usage(fork)).by_stage.filter(({ turns }) => turns > 0);
    expect(stages.map(({ stage }) => stage)).not.toContain('eda');
    expect((await rest().get<Session>(`/api/sessions/${fork}`)).forked_from?.session).toBe(session);
    expect(await runs(session)).toEqual(before);
    forked = fork;
  }, 400_000);

  test('on the command line compare shows both, in what they differ and fold by fold, as the API has it', async () => {
    const asked = await rest().get<object>(`/api/compare?sessions=${session},${forked}`);
    const json = documentOf(await temperaHere(['compare', session, forked, '--format', 'json'], platform));
    expect(json).toEqual({ ok: true, data: asked });
    const table = await temperaHere(['compare', session, forked], platform);
    expect(table.out).toMatch(/^column\.sex\.use +(?:out \(person\) +in|in.* +out \(person\))/m);
    expect(table.out).toMatch(/folds could show|on the same \d+ folds|not comparable/);
  });

  test('who repeats a request gets the same answer, whatever was decided or deleted since', async () => {
    const experiment = await rest().createExperiment('examples/penguins.csv', { target: 'species' });
    const { id } = await rest().createSession(experiment.id, { mode: 'manual', model: 'autopilot/standard' });
    const ask = (where: string, key: string, decisions: Record<string, unknown>) => {
      const changes = Object.entries(decisions).map(([name, value]) => ({ key: name, value }));
      const path = `/api/sessions/${where}/decisions`;
      return rest().post<DecideResult>(path, { changes }, { 'idempotency-key': key });
    };
    const first = await ask(id, 'first', { metric: 'f1_macro' });
    expect(first.status).toBe(200);
    await ask(id, 'second', { target: 'body_mass_g', problem: 'regression', metric: 'rmse' });
    const again = await ask(id, 'first', { metric: 'f1_macro' });
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect((await ledger(id)).get('metric')?.value).toBe('rmse');
    const forked = await ask(session, 'fork', { metric: 'balanced_accuracy' });
    const fork = forked.body.session;
    await rest().send('POST', `/api/sessions/${fork}/cancel`, {});
    await rest().waitFor(fork, ['cancelled']);
    expect((await rest().send('DELETE', `/api/sessions/${fork}`)).status).toBe(204);
    const once = await ask(session, 'fork', { metric: 'balanced_accuracy' });
    expect([once.status, once.body]).toEqual([200, forked.body]);
  }, 120_000);

  test('by updates of a workflow who may only read is refused, as on each route that changes something', async () => {
    const connection = await Connection.connect({ address: platform.variables().TEMPORAL_ADDRESS ?? '' });
    try {
      const handle = new Client({ connection }).workflow.getHandle(sessionWorkflowId(session));
      const before = [await ledger(session), await runs(session)];
      const changes = [{ key: 'metric', value: 'balanced_accuracy' }];
      const order = (principal: Principal, how: DecideWay) =>
        handle.executeUpdate(decideUpdate, { args: [{ principal, how, changes }] });
      for (const how of DECIDE_WAYS) {
        const other = order({ id: 'bob', role: 'user' }, how);
        await expect(other).rejects.toMatchObject({ cause: { type: 'NOT_FOUND' } });
        const reader = order({ id: 'local', role: 'readonly' }, how);
        await expect(reader).rejects.toMatchObject({ cause: { type: 'FORBIDDEN' } });
      }
      expect([await ledger(session), await runs(session)]).toEqual(before);
    } finally {
      await connection.close();
    }
  }, 60_000);
});
