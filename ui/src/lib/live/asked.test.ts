import { AskedSessions, countedTitle } from './asked.ts';

test('the title of the tab counts the sessions that ask', () => {
  expect(countedTitle('Models · Tempera', 0)).toBe('Models · Tempera');
  expect(countedTitle('Models · Tempera', 2)).toBe('(2) Models · Tempera');
});

test('a session is notified of once each time that it begins to ask, and not when the page is opened', () => {
  const sessions = new AskedSessions();
  const asking = (...ids: string[]) => sessions.began(ids.map((id) => ({ id })));
  expect(sessions.began(null)).toEqual([]);
  expect(asking('a')).toEqual([]);
  expect(asking('a', 'b')).toEqual(['b']);
  expect(asking('a', 'b')).toEqual([]);
  expect(sessions.began(null)).toEqual([]);
  expect(asking('b')).toEqual([]);
  expect(asking('a', 'b')).toEqual(['a']);
});
