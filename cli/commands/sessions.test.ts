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
  [{ reason: 'loop', subject: 'the script “Fit”' }, 'a word on what repeats'],
  [{ reason: 'provider', subject: 'down', tries: 3, until: '12:02' }, 'provider (down), next try 12:02'],
  [{ reason: 'provider', subject: 'repeated', tries: 3 }, 'provider (repeated)'],
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
    'The session S stands still at its limit of turns. Raise it with: npm start -- sessions ' +
      'limits S --turns N; then let it go on with: npm start -- sessions resume S',
  );
});

test('a provider that a person mends, and an agent that goes in circles, say what lets them go on', () => {
  expect(paused({ reason: 'provider', subject: 'credit', message: 'Add credit.', until: '12:02' })).toThrow(
    'The session S waits for its model provider. Add credit. Let it try at once with: npm start -- sessions resume S',
  );
  expect(paused({ reason: 'provider', subject: 'model', message: 'No model x.' })).toThrow(
    'npm start -- sessions resume S --model PROVIDER/MODEL',
  );
  expect(paused({ reason: 'loop', message: 'It goes round in circles.' })).toThrow(
    'The session S stands still. It goes round in circles. With: npm start -- sessions ' +
      'message S TEXT, or: npm start -- sessions resume S',
  );
});

test('what ends by itself, or by an answer from elsewhere, is waited for', () => {
  for (const reason of ['question', 'approval', 'quota', 'slot'] as const)
    expect(paused({ reason })).not.toThrow();
  expect(paused({ reason: 'provider', subject: 'down', until: '12:02' })).not.toThrow();
  expect(paused(null)).not.toThrow();
});
