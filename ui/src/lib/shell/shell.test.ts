import { findActions, matchScore, PLACES } from './palette-actions.ts';
import { Shortcuts } from './shortcuts.ts';

test('every word of the query must occur, and beginnings count more', () => {
  expect(matchScore('Palmer penguins species', 'pen spe')).toBeGreaterThan(0);
  expect(matchScore('Palmer penguins', 'pen churn')).toBe(0);
  expect(matchScore('Status', 'sta')).toBeGreaterThan(matchScore('Restart', 'sta'));
});

test('the best answer stands first, and an empty query keeps the order', () => {
  expect(findActions(PLACES, 'set').map(({ id }) => id)).toEqual(['settings']);
  expect(findActions(PLACES, '', 2).map(({ id }) => id)).toEqual(['gallery', 'compare']);
});

test('keys run alone and one after the other, but not after a pause', () => {
  let now = 0;
  const ran: string[] = [];
  const shortcuts = new Shortcuts(() => now);
  shortcuts.add(['g s', 'g e', 'n', 's'].map((keys) => ({ keys, perform: () => ran.push(keys) })));
  for (const key of ['n', 'g', 's', 'g', 'e']) shortcuts.press(key);
  expect(ran).toEqual(['n', 'g s', 'g e']);
  shortcuts.press('g');
  now += 2_000;
  expect(shortcuts.press('s')).toBe(true);
  expect(shortcuts.press('x')).toBe(false);
  expect(ran).toEqual(['n', 'g s', 'g e', 's']);
});

test('the last shortcut added wins until it is taken away', () => {
  const ran: string[] = [];
  const shortcuts = new Shortcuts(() => 0);
  shortcuts.add([{ keys: 'j', perform: () => ran.push('old') }]);
  const remove = shortcuts.add([{ keys: 'j', perform: () => ran.push('new') }]);
  shortcuts.press('j');
  remove();
  shortcuts.press('j');
  expect(ran).toEqual(['new', 'old']);
});
