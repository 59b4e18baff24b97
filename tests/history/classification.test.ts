/**
 * Runs one classification a branch of its workflow and replays what it left; `npm run record-history` keeps the
 * histories as the ones that every later release must replay.
 */

import { join } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { classificationWorkflowId } from '../../core/classification/names.ts';
import { FINAL_STATES } from '../../core/classification/states.ts';
import type { ScriptedPlatform } from '../platform/scripted.ts';
import { takeScripted } from '../platform/shared.ts';
import { until } from '../platform/wait.ts';
import { expectReplayed } from './recorded.ts';

const FOLDER = join(process.cwd(), 'workflows', 'replay', 'classification');

describe('histories of classifications of today', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    scripted = await takeScripted({});
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  const rest = () => scripted.platform.rest;

  async function start(settings: object): Promise<string> {
    const body = { source_id: 'sample', settings };
    // the platform's own first run of the sample may go on
    const started = await until('the sample is free', async () => {
      const answer = await rest().send<{ run_id: string }>('POST', '/api/fsm/start', body);
      return answer.status === 202 ? answer.body : null;
    });
    return started.run_id;
  }

  async function end(run: string): Promise<string> {
    return await until('the run ends', async () => {
      const { state } = await rest().get<{ state: string }>(`/api/fsm/runs/${run}`);
      return FINAL_STATES.some((final) => final === state) ? state : null;
    });
  }

  const CASES: Record<string, () => Promise<string>> = {
    async plain() {
      const run = await start({});
      expect(await end(run)).toMatch(/CONVERGED|STOPPED/);
      return run;
    },
    async learned() {
      const first = await start({});
      await end(first);
      const { items } = await rest().get<{ items: { id: string; predicted_code: string | null }[] }>(
        `/api/fsm/runs/${first}/results?limit=40`,
      );
      const accepted = items.filter(({ predicted_code }) => predicted_code !== null);
      const reviews = accepted.map(({ id }) => ({ column: id, decision: 'accept' }));
      const written = await rest().send('POST', `/api/fsm/runs/${first}/reviews`, { items: reviews });
      expect(written.status).toBe(201);
      const run = await start({});
      await end(run);
      const { progress } = await rest().get<{ progress: { labels: number } }>(`/api/fsm/runs/${run}`);
      expect(progress.labels).toBe(accepted.length);
      return run;
    },
    async swept() {
      let calls = 0;
      scripted.model.setScript(() => {
        calls += 1;
        const input = { labels: [] };
        return {
          kind: 'answer',
          content: [{ type: 'tool_use', id: `toolu_${calls}`, name: 'label_columns', input }],
        };
      });
      const run = await start({ model: 'anthropic/claude-opus-4-8', rounds: 1, max_model_calls: 6 });
      expect(await end(run)).toMatch(/CONVERGED|STOPPED/);
      return run;
    },
    async cancelled() {
      scripted.model.setScript(() => ({ kind: 'silence' }));
      const run = await start({ model: 'anthropic/claude-opus-4-8' });
      await until('it asks the model', async () => {
        const { state } = await rest().get<{ state: string }>(`/api/fsm/runs/${run}`);
        return state === 'LLM_SWEEP' ? true : null;
      });
      await rest().send('POST', `/api/fsm/runs/${run}/cancel`, {});
      expect(await end(run)).toBe('CANCELLED');
      return run;
    },
  };

  test.each(Object.keys(CASES))(
    '%s replays',
    async (name) => {
      const run = await (CASES[name] ?? (() => Promise.reject(new Error(name))))();
      await expectReplayed(scripted, {
        ...{ workflowId: classificationWorkflowId(run), file: join(FOLDER, `${name}.json`) },
      });
    },
    180_000,
  );
});
