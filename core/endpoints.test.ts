import { type HostSeen, type HostState, hostStateAfter, isolationOf } from './endpoints.ts';

const well: HostSeen = { answered: true, draining: false, ready: true, runsAgentCode: true };
const silent: HostSeen = { answered: false, problem: 'no answer', gone: false };
const unknown: HostState = { status: 'PENDING', reason: null, missed: 0 };
const after = (...looks: HostSeen[]) => looks.reduce(hostStateAfter, unknown);

test('a start goes PENDING, STARTING, HEALTHY', () => {
  expect(after(silent).status).toBe('PENDING');
  expect(after(silent, { ...well, ready: false }).status).toBe('STARTING');
  expect(after(silent, { ...well, ready: false }, well)).toEqual({
    status: 'HEALTHY',
    reason: null,
    missed: 0,
  });
});

test('the third missed heartbeat in a row makes it unhealthy, and an answer well again', () => {
  expect(after(well, silent, silent).status).toBe('HEALTHY');
  expect(after(well, silent, silent, silent)).toMatchObject({ status: 'UNHEALTHY', reason: 'no answer' });
  expect(after(well, silent, silent, well, silent, silent).status).toBe('HEALTHY');
  expect(after(well, silent, silent, silent, well).status).toBe('HEALTHY');
});

test('a process that is gone has failed at once', () => {
  expect(after(well, { ...silent, gone: true })).toMatchObject({ status: 'FAILED', reason: 'no answer' });
});

test('one that is emptied is stopping, one that may run no agent code is unhealthy and says why', () => {
  expect(after({ ...well, draining: true }).status).toBe('STOPPING');
  expect(after({ ...well, runsAgentCode: false })).toMatchObject({
    status: 'UNHEALTHY',
    reason: expect.stringMatching(/isolation/),
  });
});

test('a weak isolation is called weak', () => {
  const layers = (...levels: string[]) => levels.map((level, at) => ({ name: `layer${at}`, level }));
  expect(isolationOf('local', 'required', layers('held', 'held'))).toMatchObject({
    level: 'strong',
    missing: [],
  });
  expect(isolationOf('remote', 'required', layers('held', 'watched')).level).toBe('partial');
  expect(isolationOf('remote', 'best', layers('held', 'missing'))).toEqual({
    ...{ provider: 'remote', policy: 'best', level: 'weak' },
    missing: ['layer1'],
  });
  expect(isolationOf('local', 'off', layers('held')).level).toBe('weak');
});
