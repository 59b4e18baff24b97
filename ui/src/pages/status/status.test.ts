import type { PlatformStatus } from '../../lib/api/types.ts';
import { layersOf, overallWords, partRows, startProblemWords, waitsWords } from './parts.ts';
import { temporalLink } from './temporal.ts';

const ok = { status: 'ok' as const, latency_ms: 3 };
const status: PlatformStatus = {
  ...{ overall_status: 'degraded', version: '0.1.0', postgres: ok, temporal: ok, s3: ok },
  workers: { status: 'down', latency_ms: 4, count: 1 },
  sandbox: {
    ...ok,
    slots: 2,
    isolation: 'required',
    layers: [{ name: 'cgroup_namespace', level: 'held', detail: 'x' }],
  },
  models: { default: 'autopilot/standard' },
  config: { has_anthropic: false, agent_model: 'autopilot/standard' },
};

test('parts stand in a fixed order with what is worth telling', () => {
  const rows = partRows({ ...status, cache: ok } as PlatformStatus);
  expect(rows.map(({ id }) => id)).toEqual(['postgres', 'temporal', 's3', 'workers', 'sandbox', 'cache']);
  expect(rows[3]?.tells).toEqual(['1 worker']);
  expect(rows[4]?.tells).toEqual(['2 slots', 'isolation required']);
});

test('one sentence names what is down', () => {
  expect(overallWords(status)).toBe('Workers down: work that needs it waits.');
  expect(overallWords({ ...status, overall_status: 'connected' })).toBe('All parts answer.');
});

test('a provider that does not answer is told, with the sessions that wait for it', () => {
  const parts = { ...status, workers: ok };
  expect(overallWords(parts)).toBe('All parts answer, but a model provider does not: its sessions wait.');
  const waits = { provider: 'anthropic', cause: 'credit', since: null, next_try: null, sessions: 2 };
  expect(waitsWords(waits)).toBe('2 sessions wait for anthropic. The account has no credit.');
  expect(waitsWords({ ...waits, sessions: 1, cause: 'quota' })).toBe(
    '1 session waits for anthropic. The model provider asks to wait.',
  );
});

test('what failed at the start is told with what comes next, and why to those who may know', () => {
  const at = '2026-01-02T03:04:05.000Z';
  const failed = {
    what: 'registering the sample source',
    message: 'No worker answers.',
    is_retried: true,
    at,
  };
  expect(startProblemWords(failed)).toMatch(
    /^Registering the sample source failed at .+\. No worker answers\. It is tried again by itself\.$/,
  );
  expect(startProblemWords({ ...failed, message: null, is_retried: false })).toMatch(
    /An administrator sees why\. Mend it and start the platform again\.$/,
  );
});

test('the walls are read as the sandbox tells them', () => {
  expect(layersOf(status)).toEqual([{ name: 'cgroup namespace', level: 'held', detail: 'x' }]);
  expect(layersOf({ ...status, sandbox: ok })).toEqual([]);
});

test('a workflow is linked only where Temporal has a web address', () => {
  expect(temporalLink(ok, 's1')).toBeNull();
  expect(temporalLink({ ...ok, ui_url: 'javascript:alert(1)' }, 's1')).toBeNull();
  expect(temporalLink({ ...ok, ui_url: 'http://127.0.0.1:8233/' }, 's1')).toBe(
    'http://127.0.0.1:8233/namespaces/default/workflows/session%2Fs1',
  );
});
