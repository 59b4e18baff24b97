import { shownOutput } from './shown-output.ts';

test('findings are for the platform: people see what stands around them, also while they are being printed', () => {
  const block = '=== findings ===\n{"rows": 344}\n=== end of findings ===\n';
  expect(shownOutput(`344 rows\n${block}done\n${block}`)).toBe('344 rows\ndone\n');
  expect(shownOutput('344 rows\n=== findings ===\n{"ro')).toBe('344 rows\n');
  expect(shownOutput('a === b\n')).toBe('a === b\n');
});
