import fc from 'fast-check';
import { headOf, isLawfulText, lawfulText, tailOf } from './lawful-text.ts';

const text = fc.string({ unit: fc.constantFrom('a', '\0', '\ud83d', '\udc27', '🐧') });

test('a text is lawful or becomes so, as long as it was', () => {
  expect(lawfulText('a\0b\ud83d 🐧\udc27')).toBe('a\ufffdb\ufffd 🐧\ufffd');
  fc.assert(
    fc.property(text, (given) => {
      const lawful = lawfulText(given);
      expect(isLawfulText(lawful)).toBe(true);
      expect(lawful.length).toBe(given.length);
      expect(Buffer.from(lawful).toString()).toBe(lawful);
    }),
  );
});

test('a cut leaves no half of a character', () => {
  expect([headOf('a🐧b', 2), headOf('a🐧b', 3), headOf('a🐧b', 9)]).toEqual(['a', 'a🐧', 'a🐧b']);
  expect([tailOf('a🐧b', 2), tailOf('a🐧b', 3), tailOf('a🐧b', 9)]).toEqual(['b', '🐧b', 'a🐧b']);
  fc.assert(
    fc.property(text.map(lawfulText), fc.nat(20), (given, most) => {
      expect(isLawfulText(headOf(given, most)) && isLawfulText(tailOf(given, most))).toBe(true);
      expect(given.startsWith(headOf(given, most)) && given.endsWith(tailOf(given, most))).toBe(true);
    }),
  );
});
