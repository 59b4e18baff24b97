/**
 * The offline model in a thread of its own, bundled as the build bundles it: what a person wrote holds nobody else up
 * while it is read.
 */

import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { HOSTILE_WORDS } from '../../bench/words/hostile-words.ts';
import type { ModelRequest } from '../../core/ports/model.ts';
import { createAutopilot, createThreadedAutopilot } from './index.ts';
import { makeFolder, removeFolders } from './testing/folders.ts';

const playbooksFolder = resolve('sandbox', 'playbooks');
let program: string;
beforeAll(async () => {
  // beside the packages that it imports
  const outfile = resolve('build', 'tests', 'autopilot-thread.mjs');
  const bundled = { bundle: true, platform: 'node', format: 'esm', packages: 'external' } as const;
  await build({ entryPoints: ['worker/autopilot-thread.ts'], outfile, ...bundled, logLevel: 'error' });
  program = outfile;
}, 60_000);
afterAll(removeFolders);

const asking = (text: string): ModelRequest => ({
  model: 'standard',
  system: '',
  messages: [{ role: 'user', content: [{ type: 'text', text }] }],
  tools: [],
  maxTokens: 1_000,
});
const call = (onText: (text: string) => void = () => undefined) => ({
  signal: new AbortController().signal,
  onText,
});

test('it answers as it does without one, and others get their turn while it reads', async () => {
  const facts = { stage: 'eda', files: ['a.csv'], instructions: HOSTILE_WORDS['how many'] };
  const request = asking(`# Stage: eda\n\n\`\`\`json\n${JSON.stringify(facts)}\n\`\`\`\n`);
  let streamed = '';
  let turns = 0;
  let answered = false;
  const count = () => {
    turns += 1;
    if (!answered) setImmediate(count);
  };
  setImmediate(count);
  const threaded = createThreadedAutopilot(program, { playbooksFolder });
  const answer = await threaded.complete(
    request,
    call((piece) => (streamed += piece)),
  );
  answered = true;
  expect(turns).toBeGreaterThan(0);
  expect(answer).toEqual(await createAutopilot({ playbooksFolder }).complete(request, call()));
  expect(streamed).toBe(
    answer.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join(''),
  );
  expect(await threaded.list()).toEqual(await createAutopilot({ playbooksFolder }).list());
});

test('a refusal keeps its code, a cancelled call is given up, and the next one is answered', async () => {
  const threaded = createThreadedAutopilot(program, { playbooksFolder });
  const prefilled = { ...asking('x'), messages: [] };
  await expect(threaded.complete(prefilled, call())).rejects.toMatchObject({ code: 'MODEL_REQUEST' });
  const stop = new AbortController();
  const given = threaded.complete(asking('Hello.'), { ...call(), signal: stop.signal });
  stop.abort();
  await expect(given).rejects.toMatchObject({ code: 'CANCELLED' });
  expect((await threaded.complete(asking('Hello.'), call())).content).toHaveLength(1);
});

test('a thread that cannot live fails the call, not the process', async () => {
  const threaded = createThreadedAutopilot(program, { playbooksFolder: join(makeFolder('none'), 'nothing') });
  for (let time = 0; time < 2; time += 1)
    await expect(threaded.complete(asking('Hello.'), call())).rejects.toThrow(/ended before it had answered/);
});
