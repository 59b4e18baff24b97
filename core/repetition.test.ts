import { WARNED_FROM, warningFor, withoutWarning } from './repetition.ts';

test('a warning begins with the third time, and is told apart from the result', () => {
  expect(warningFor(WARNED_FROM - 1)).toBe('');
  for (const times of [3, 4, 17]) {
    const warning = warningFor(times);
    expect(warning).toContain(`${times} times`);
    expect(withoutWarning(`exit: ok\n${warning}`)).toEqual({ given: 'exit: ok\n', warning });
    // only at the end, and only the platform's own words
    expect(withoutWarning(`${warning} secret`).warning).toBe('');
    expect(withoutWarning(warning.replace(String(times), 'secret')).warning).toBe('');
  }
});
