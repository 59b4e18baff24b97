import { isForPerson, isPassing, longWait, shortWait, type Wait } from './waits.ts';

const provider = (subject?: string): Wait => ({ reason: 'provider', subject });

test('a provider that is down comes back by itself; its account, address and model are a person’s to mend', () => {
  for (const subject of ['down', 'quota', 'answer', undefined]) {
    expect(isForPerson(provider(subject))).toBe(false);
    expect(isPassing(provider(subject))).toBe(true);
  }
  for (const subject of ['credit', 'key', 'address', 'model', 'context', 'repeated'])
    expect(isForPerson(provider(subject))).toBe(true);
  expect(isForPerson({ reason: 'loop' })).toBe(true);
  expect(isPassing({ reason: 'stopped' })).toBe(false);
});

test('each cause has words of its own', () => {
  const subjects = ['down', 'answer', 'credit', 'key', 'address', 'model', 'context', 'repeated'];
  expect(new Set(subjects.map((subject) => longWait(provider(subject)))).size).toBe(subjects.length);
  expect(shortWait(provider('down'))).toBe('waits for its model');
  expect(shortWait(provider('of the future'))).toBe('waits for its model');
  expect(longWait({ reason: 'loop' })).toBe('The agent goes round in circles');
});
