import type { Session } from '../../core/records.ts';
import { assertNotPaused } from './session-run.ts';
import { waitText } from './sessions.ts';

test.each<[Session['waiting'], string]>([
  [null, ''],
  [{ reason: 'question', subject: 'q1' }, 'question'],
  [{ reason: 'approval', subject: 'a1' }, 'approval'],
  [{ reason: 'limit', subject: 'tokens' }, 'limit (tokens)'],
  [{ reason: 'stopped' }, 'resume'],
  [{ reason: 'quota', until: '2026-01-01T00:00:00Z' }, 'quota until 2026-01-01T00:00:00Z'],
  [{ reason: 'slot' }, 'slot'],
])('%j is listed as “%s”', (waiting, text) => {
  expect(waitText(waiting)).toBe(text);
});

const paused = (waiting: Session['waiting']) => () =>
  assertNotPaused({ id: 'S', state: 'eda_running', waiting });

test('a stop and a limit name the commands that let the session go on', () => {
  expect(paused({ reason: 'stopped' })).toThrow(
    'The session S is stopped. Let it go on with: npm start -- sessions resume S',
  );
  expect(paused({ reason: 'limit', subject: 'turns' })).toThrow(
    'The session S stands still at its limit of turns. Raise it with: npm start -- sessions limits S --turns N; then let it go on with: npm start -- sessions resume S',
  );
});

test('what ends by itself, or by an answer from elsewhere, is waited for', () => {
  for (const reason of ['question', 'approval', 'quota', 'slot'] as const)
    expect(paused({ reason })).not.toThrow();
  expect(paused(null)).not.toThrow();
});
