/** faults.md 15: cancel during a cell: an interrupt within 1 s, files so far kept, state cancelled and not failed. */

import { expectNothingLeft, expectSound } from '../platform/invariants.ts';
import { code, type ScriptedPlatform, startEda, startScripted } from '../platform/scripted.ts';

const ENDLESS = `
import pathlib, time
pathlib.Path('eda').mkdir(exist_ok=True)
pathlib.Path('eda/so_far.txt').write_text('kept')
print('begun', flush=True)
try:
    while True:
        time.sleep(0.02)
except KeyboardInterrupt:
    print('interrupted', flush=True)
    raise
`;
const STUBBORN = `
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
print('begun', flush=True)
while True:
    time.sleep(0.02)
`;

describe('cancelling a session while its code runs', () => {
  let scripted: ScriptedPlatform;
  beforeAll(async () => {
    const environment = { INTERRUPT_GRACE_SECONDS: '2' };
    scripted = await startScripted(
      {
        eda: [
          (request) => [
            code('endless', JSON.stringify(request.messages).includes('stubborn') ? STUBBORN : ENDLESS),
          ],
        ],
      },
      { environment },
    );
  }, 120_000);
  afterAll(() => scripted?.stop(), 60_000);

  const output = (session: string, text: string) =>
    scripted.platform.rest.waitForEvent(
      session,
      (event) => event.type === 'code_output' && String(event.data.text).includes(text),
    );

  test('interrupts it within a second and keeps what it had written', async () => {
    const { rest } = scripted.platform;
    const session = await startEda(scripted);
    await output(session, 'begun');
    const asked = Date.now();
    const answer = await rest.send<{ state: string }>('POST', `/api/sessions/${session}/cancel`, {});
    expect(answer).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    const interrupted = await output(session, 'interrupted');
    expect(Date.parse(interrupted.created_at) - asked).toBeLessThan(1_500);
    expect((await rest.session(session)).state).toBe('cancelled');
    const kept = await fetch(`${rest.url}/api/sessions/${session}/files/eda/so_far.txt`);
    expect(await kept.text()).toBe('kept');
    await expectSound(scripted.platform, session);
    await expectNothingLeft(scripted.platform, session);
  }, 90_000);

  test('refuses to start anything afterwards, in words', async () => {
    const { rest } = scripted.platform;
    const experiment = await rest.createExperiment('examples/penguins.csv', { target: 'species' });
    const session = await rest.createSession(experiment.id, { mode: 'manual', model: scripted.name });
    await rest.send('POST', `/api/sessions/${session.id}/cancel`, {});
    const refused = await rest.send('POST', `/api/sessions/${session.id}/stages/eda/start`, {});
    expect(refused).toMatchObject({ status: 409, body: { code: 'STAGE_NOT_READY' } });
  }, 60_000);

  test('kills code that ignores the interrupt, after the grace', async () => {
    const { rest } = scripted.platform;
    const experiment = await rest.createExperiment('examples/penguins.csv', {
      target: 'species',
      instructions: 'stubborn',
    });
    const session = await rest.createSession(experiment.id, { mode: 'auto', model: scripted.name });
    await output(session.id, 'begun');
    await rest.send('POST', `/api/sessions/${session.id}/cancel`, {});
    await rest.waitFor(session.id, ['cancelled'], 30);
    const [step] = (await rest.steps(session.id)).filter((each) => each.kind === 'tool');
    expect(step).toMatchObject({ state: 'cancelled', output: { status: 'killed' } });
    await expectNothingLeft(scripted.platform, session.id);
  }, 90_000);
});
