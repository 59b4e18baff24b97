/** faults.md 20: a reader that was away resumes from its Last-Event-ID and gets every later event exactly once. */

import { expectGapless } from '../platform/invariants.ts';
import {
  code,
  finish,
  type ScriptedPlatform,
  startEda,
  startScripted,
  VALID_EDA,
} from '../platform/scripted.ts';
import { readStream } from '../platform/stream.ts';
import { until } from '../platform/wait.ts';

const TALKING = `
import time
for step in range(60):
    print('line', step, flush=True)
    time.sleep(0.05)
${VALID_EDA}
`;

describe('a reader of the event stream', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    scripted = await startScripted({ eda: [[code('talking', TALKING)], [finish('done')]] });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  test('misses nothing and sees nothing twice over an absence and over a killed api', async () => {
    const { platform } = scripted;
    const { rest } = platform;
    const session = await startEda(scripted);
    const steady = readStream(rest.url, session);
    const first = readStream(rest.url, session);
    await until('some output', () => first.events.some((event) => event.type === 'code_output'));
    first.close();
    const seen = first.events.length;
    await platform.kill('api');
    await rest.waitFor(session, ['eda_done']);
    const all = await rest.events(session);
    expectGapless(all);
    const second = readStream(rest.url, session, { after: first.events.at(-1)?.seq ?? 0 });
    await until('the second reader has caught up', () => second.events.length >= all.length - seen, 15);
    await until('the steady reader has caught up', () => steady.events.length >= all.length, 15);
    second.close();
    steady.close();
    expect([...first.events, ...second.events].map((event) => event.seq)).toEqual(
      all.map((event) => event.seq),
    );
    expect(steady.events.map((event) => event.seq)).toEqual(all.map((event) => event.seq));
    expect(steady.connections()).toBeGreaterThan(1);
  }, 120_000);
});
