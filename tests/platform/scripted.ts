/**
 * A model that does what a test says, behind the real SDK and a real HTTP server. It is stateless: which answer comes
 * follows from the request alone, so that kills, retries and resets of the platform cannot confuse it.
 */

import {
  type AnthropicServer,
  type AnthropicServerOptions,
  startAnthropicServer,
} from '../anthropic-server/index.ts';
import type { Reply, Script, ScriptedBlock } from '../anthropic-server/script.ts';
import type { MessagesRequest } from '../anthropic-server/wire.ts';
import { startPlatform, type TestPlatform, type TestPlatformOptions } from './platform.ts';
import { until } from './wait.ts';

/** What the model says in a turn: blocks, or a whole reply. */
export type ScriptedTurn =
  | ScriptedBlock[]
  | Reply
  | ((request: MessagesRequest) => ScriptedBlock[] | Reply | Promise<Reply>);

/** The turns of each stage; a stage without turns finishes at once. */
export type ScriptedStages = Partial<Record<'eda' | 'prep' | 'train', ScriptedTurn[]>>;

/** Answers the n-th request of a stage with its n-th turn; the last one repeats. */
export function byStage(stages: ScriptedStages): Script {
  return async (request) => {
    const stage = stageOf(request);
    const turns = stages[stage] ?? [];
    const answered = request.messages.filter((message) => message.role === 'assistant').length;
    const turn = turns[Math.min(answered, turns.length - 1)] ?? [finish(`${stage} is done`)];
    const reply = typeof turn === 'function' ? await turn(request) : turn;
    return Array.isArray(reply) ? { kind: 'answer', content: withIds(reply, answered) } : reply;
  };
}

function stageOf(request: MessagesRequest): 'eda' | 'prep' | 'train' {
  const first = JSON.stringify(request.messages[0]?.content ?? '');
  const found = /# Stage: (eda|prep|train)/.exec(first)?.[1];
  if (found !== 'eda' && found !== 'prep' && found !== 'train') throw new Error('the request names no stage');
  return found;
}

/** Ids that depend on the turn alone, as a real provider's are unique. */
function withIds(blocks: ScriptedBlock[], turn: number): ScriptedBlock[] {
  return blocks.map((block, index) => ('id' in block ? { ...block, id: `toolu_${turn}_${index}` } : block));
}

type ScriptedToolUse = Extract<ScriptedBlock, { type: 'tool_use'; input: unknown }>;

export const tool = (name: string, input: Record<string, unknown>): ScriptedToolUse => ({
  type: 'tool_use',
  id: 'toolu',
  name,
  input,
});
export const code = (title: string, source: string): ScriptedToolUse =>
  tool('execute_code', { title, code: source });
export const finish = (summary: string): ScriptedToolUse => tool('finish', { summary });

/** A script whose outputs make the eda stage valid. */
export const VALID_EDA = `
import pathlib
import matplotlib
matplotlib.use('Agg')
import matplotlib.pyplot as plt
pathlib.Path('eda/figures').mkdir(parents=True, exist_ok=True)
plt.plot([1, 2, 3]); plt.savefig('eda/figures/line.png')
pathlib.Path('eda/report.md').write_text('# Report\\n\\n![line](figures/line.png)\\n')
`;

export interface ScriptedPlatform {
  platform: TestPlatform;
  model: AnthropicServer;
  /** provider/model of sessions that are to use the scripted model. */
  name: string;
  stop(): Promise<void>;
}

/** A platform whose Anthropic is a scripted server in this process. */
export async function startScripted(
  stages: ScriptedStages,
  options: TestPlatformOptions & { server?: Partial<AnthropicServerOptions> } = {},
): Promise<ScriptedPlatform> {
  const model = await startAnthropicServer({ script: byStage(stages), ...options.server });
  const environment = {
    ANTHROPIC_API_KEY: 'test-key',
    ANTHROPIC_BASE_URL: model.url,
    ...options.environment,
  };
  const platform = await startPlatform({ ...options, environment }).catch(async (error: unknown) => {
    await model.close(); // what listens would keep the process of the tests
    throw error;
  });
  return {
    platform,
    model,
    name: 'anthropic/claude-sonnet-5-5',
    async stop() {
      await platform.stop().finally(() => model.close());
    },
  };
}

/** A new session over the bundled penguins; nothing runs yet. */
export async function openSession(
  { platform, name }: ScriptedPlatform,
  { instructions, ...body }: { instructions?: string; mode?: 'manual' | 'auto' } = {},
): Promise<string> {
  const experiment = await platform.rest.createExperiment('examples/penguins.csv', {
    name: 'penguins',
    target: 'species',
    ...(instructions === undefined ? {} : { instructions }),
  });
  const session = await platform.rest.createSession(experiment.id, { mode: 'manual', model: name, ...body });
  return session.id;
}

/** A new session over the bundled penguins, its eda started. */
export async function startEda(scripted: ScriptedPlatform, body = {}): Promise<string> {
  const session = await openSession(scripted, body);
  const started = await scripted.platform.rest.send('POST', `/api/sessions/${session}/stages/eda/start`, {});
  expect(started.status).toBeLessThan(300);
  return session;
}

/** Starts a session's eda over any outage: with one key, as often as it takes. */
export async function beginEda({ platform }: ScriptedPlatform, session: string): Promise<void> {
  await until(`eda of session ${session} is started`, async () => {
    const path = `/api/sessions/${session}/stages/eda/start`;
    const answer = await platform.rest.post(path, {}, { 'idempotency-key': `start-${session}` });
    // an outage; anything else is a mistake of the test
    if (answer.status >= 300 && answer.status < 500) throw new Error(JSON.stringify(answer.body));
    return answer.status < 300;
  });
}
