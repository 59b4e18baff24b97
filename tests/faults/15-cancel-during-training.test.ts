/**
 * faults.md 15: cancel during a cell: an interrupt within 1 s, files so far kept, state cancelled and not failed. It
 * comes at moments of the whole life of a stage: as the model answers, as output streams, as the checkpoint is taken
 * and its rows are committed, as a question is open.
 */

import { expectNothingLeft, expectSound } from '../platform/invariants.ts';
import { momentsOf } from '../platform/moments.ts';
import { ANY_TIME, afterOutput, CALL_POINTS, END_POINTS, EXECUTION_POINTS } from '../platform/points.ts';
import {
  beginEda,
  code,
  finish,
  openSession,
  type ScriptedPlatform,
  tool,
  VALID_EDA,
} from '../platform/scripted.ts';
import { type Point, strike } from '../platform/strike.ts';
import { takeFaultPlatform } from '../sandbox-hosts/taken.ts';

const ENDLESS = `
import pathlib, time
pathlib.Path('eda').mkdir(exist_ok=True)
pathlib.Path('eda/so_far.txt').write_text('kept')
print('begun', flush=True)
try:
    while True:
        time.sleep(0.02)
except KeyboardInterrupt:
    print('interrupted at', time.time(), flush=True)
    raise
`;
/** Prints as fast as it is read. */
const LOUD = ENDLESS.replace('time.sleep(0.02)', `print('x' * 100, flush=True); time.sleep(0.001)`);
const STUBBORN = `
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
print('begun', flush=True)
while True:
    time.sleep(0.02)
`;
/** Ends by itself, with files that no other session has. */
const SHORT = `${VALID_EDA}
import os
pathlib.Path('eda/so_far.txt').write_text('kept')
pathlib.Path('eda/unique.bin').write_bytes(os.urandom(1000))
print('begun', flush=True)
`;
const CELLS: Record<string, string> = { ENDLESS, LOUD, STUBBORN, SHORT };

type CancelPoint = Point & { cell: 'ENDLESS' | 'LOUD' | 'SHORT' | 'QUESTION' };

const SLEEPING: CancelPoint = { ...afterOutput('begun', 'while it works', 300), cell: 'ENDLESS' };
const QUESTION: CancelPoint = {
  name: 'while a question is open',
  at: 'event',
  matches: (event) => event.type === 'question',
  spread: 500,
  cell: 'QUESTION',
};
const POINTS: CancelPoint[] = [
  SLEEPING,
  { ...afterOutput('begun', 'while output streams', 2_000), cell: 'LOUD' },
  QUESTION,
  // a cancel itself travels through Temporal: none can come between a commit and the completion that Temporal lacks
  ...[...CALL_POINTS, ...EXECUTION_POINTS, ...END_POINTS, ANY_TIME]
    .filter((point) => point.at !== 'completion')
    .map((point) => ({ ...point, cell: 'SHORT' as const })),
];

describe('cancelling a session while its code runs', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    scripted = await takeFaultPlatform('local', {
      eda: [
        (request) => {
          const cell = /cell: (\w+)/.exec(JSON.stringify(request.messages))?.[1] ?? 'ENDLESS';
          return [
            cell === 'QUESTION' ? tool('ask_user', { question: 'Go on?' }) : code(cell, CELLS[cell] ?? ''),
          ];
        },
        [finish('done')],
      ],
    });
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  const output = (session: string, text: string) =>
    scripted.platform.rest.waitForEvent(
      session,
      (event) => event.type === 'code_output' && String(event.data.text).includes(text),
    );

  const cancel = (session: string) =>
    scripted.platform.rest.send<{ state: string }>('POST', `/api/sessions/${session}/cancel`, {});

  async function storedFile(session: string): Promise<string> {
    const { rest } = scripted.platform;
    return (await fetch(`${rest.url}/api/sessions/${session}/files/eda/so_far.txt`)).text();
  }

  test.each(momentsOf(15, POINTS).map((moment) => [moment.label, moment] as const))(
    '%s: interrupted within a second, kept what it had written, cancelled',
    async (_, moment) => {
      const { platform } = scripted;
      const { rest } = platform;
      const { cell } = moment.point;
      const session = await openSession(scripted, { instructions: `cell: ${cell}` });
      let asked = 0;
      await strike({
        platform,
        session,
        moment,
        begin: () => beginEda(scripted, session),
        hit: async () => {
          asked = Date.now();
          expect(await cancel(session)).toMatchObject({ status: 200, body: { state: 'cancelled' } });
        },
        life: 2_000,
      });
      expect((await rest.session(session)).state).toBe('cancelled');
      if (cell === 'ENDLESS' || cell === 'LOUD') {
        // when the code itself met it, by the clock of the same machine
        const { data } = await output(session, 'interrupted at');
        const [, seconds] = /interrupted at ([\d.]+)/.exec(String(data.text)) ?? [];
        expect(Number(seconds) * 1_000 - asked).toBeLessThan(1_000);
        expect(await storedFile(session)).toBe('kept');
      }
      const steps = await rest.steps(session);
      if (steps.some((step) => step.tool === 'execute_code' && step.checkpoint !== null))
        expect(await storedFile(session)).toBe('kept');
      expect(steps.filter((step) => step.state === 'running' || step.state === 'failed')).toEqual([]);
      await expectSound(platform, session, { inFlight: moment.number === 1 ? 0 : 1 });
      await expectNothingLeft(platform, session);
    },
    90_000,
  );

  test('refuses to start anything afterwards, in words', async () => {
    const { rest } = scripted.platform;
    const session = await openSession(scripted);
    await cancel(session);
    const refused = await rest.send('POST', `/api/sessions/${session}/stages/eda/start`, {});
    expect(refused).toMatchObject({ status: 409, body: { code: 'STAGE_NOT_READY' } });
  }, 60_000);

  test('kills code that ignores the interrupt, after the grace', async () => {
    const { rest } = scripted.platform;
    const session = await openSession(scripted, { mode: 'auto', instructions: 'cell: STUBBORN' });
    await output(session, 'begun');
    await cancel(session);
    await rest.waitFor(session, ['cancelled'], 30);
    const [step] = (await rest.steps(session)).filter((each) => each.kind === 'tool');
    expect(step).toMatchObject({ state: 'cancelled', output: { status: 'killed' } });
    await expectNothingLeft(scripted.platform, session);
  }, 90_000);
});
