import { existsSync, readFileSync } from 'node:fs';
import { COMMANDS } from '../../cli/registry.ts';

const PAGE = 'docs/cli.md';
const rows = existsSync(PAGE)
  ? [...readFileSync(PAGE, 'utf8').matchAll(/^\| `tempera ([^`]+)` +\| (.+?) +\|$/gm)].map(
      ([, line = '', text = '']) => [line, text],
    )
  : [];

test('every command is documented with its usage and its summary, and nothing else is', () => {
  const expected = COMMANDS.map(({ name, usage, summary }) => [`${name} ${usage}`.trim(), summary]);
  expect([...rows].sort()).toEqual(expected.sort());
});
