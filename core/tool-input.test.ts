import { malformedText, toMalformedInput } from './tool-input.ts';

test('the text of an unreadable input is found again', () => {
  expect(malformedText(toMalformedInput('{"a'))).toBe('{"a');
  expect(malformedText(toMalformedInput(''))).toBe('');
});

test('other inputs are not taken for unreadable ones', () => {
  expect(
    [{}, { code: '1' }, { malformed_json: 1 }, { malformed_json: '{', code: '1' }].map(malformedText),
  ).toEqual([null, null, null, null]);
});
