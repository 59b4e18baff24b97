/** One stage of a session over a scripted model that can be broken, and what a person sees of its waits. */

import type { StoredEvent } from '../../core/events.ts';
import type { Waiting } from '../../core/session-state.ts';
import type { AnthropicServer } from '../anthropic-server/index.ts';
import type { Rest } from '../platform/rest.ts';
import { byStage, code, finish, type ScriptedPlatform, VALID_EDA } from '../platform/scripted.ts';
import { takeScripted } from '../platform/shared.ts';
import { until } from '../platform/wait.ts';

const MINUTES = 60_000;

/** The turns of a stage that goes well. */
export const report = [code('report', VALID_EDA)];
export const done = [finish('done')];
export const WELL = byStage({ eda: [report, done] });

export interface BreakableModel {
  scripted(): ScriptedPlatform & { key: string };
  model(): AnthropicServer;
  rest(): Rest;
  command(id: string, path: string, body?: unknown): Promise<{ status: number; body: { code?: string } }>;
  /** Waits until the session waits for `reason` and `subject`. */
  waiting(id: string, reason: Waiting['reason'], subject: string): Promise<Waiting>;
}

/** A platform for the tests of a file; the model is whole again after each. */
export function useBreakableModel(): BreakableModel {
  let scripted: ScriptedPlatform & { key: string };
  beforeAll(async () => {
    scripted = await takeScripted({});
  }, 2 * MINUTES);
  afterAll(() => scripted?.stop(), MINUTES);
  afterEach(() => {
    scripted.model.setScript(WELL);
    scripted.model.change({
      key: scripted.key,
      models: [scripted.name.split('/')[1] ?? ''],
      contextTokens: 1e9,
    });
  });
  const rest = () => scripted.platform.rest;
  return {
    scripted: () => scripted,
    model: () => scripted.model,
    rest,
    command: (id, path, body = {}) => rest().send('POST', `/api/sessions/${id}/${path}`, body),
    waiting: (id, reason, subject) =>
      until(`${id} waits for ${reason} (${subject})`, async () => {
        const { waiting: now } = await rest().session(id);
        return now?.reason === reason && now.subject === subject ? now : null;
      }),
  };
}

export const waitsOf = (events: StoredEvent[]): StoredEvent[] =>
  events.filter((event) => event.type === 'waiting');
