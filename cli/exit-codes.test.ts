/** Exit codes that need no platform: wrong usage is 2 before anything is asked, and nobody there is 5. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../config/index.ts';
import { classificationReviewCommands } from './commands/classification-review.ts';
import { classificationRunCommands } from './commands/classification-runs.ts';
import { contentCommands } from './commands/session-contents.ts';
import { sessionCommands } from './commands/sessions.ts';
import { runProgram } from './program.ts';
import { COMMANDS } from './registry.ts';
import { writtenTerminal } from './testing/written-terminal.ts';

const ID = '01890000-0000-7000-8000-000000000000';
let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'tempera-exit-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function tempera(words: string[]) {
  const { terminal, written } = writtenTerminal();
  const config = () => loadConfig({ TEMPERA_ROOT: process.cwd(), TEMPERA_HOME: home });
  const code = await runProgram(words, { config, terminal, signal: new AbortController().signal });
  return { code, ...written };
}

/** How each command is called rightly. */
const CALLS: Record<string, string[]> = {
  'sessions list': ['--state', 'failed', '--limit', '5'],
  'sessions show': [ID],
  'sessions wait': [ID, '--timeout', '5'],
  'sessions start': [ID, 'eda'],
  'sessions cancel': [ID],
  'sessions resume': [ID],
  'sessions stop': [ID],
  'sessions message': [ID, 'hello'],
  'sessions answer': [ID, ID, 'yes'],
  'sessions approve': [ID, ID, 'yes', '--note', 'fine'],
  'sessions steps': [ID, '--stage', 'eda'],
  'sessions fork': [ID, ID],
  'sessions limits': [ID, '--turns', '40', '--cost', '0.5'],
  follow: [ID, '--after', '3', '--verbose'],
  files: [ID, 'eda/report.md'],
  sql: [ID, 'select 1', '--limit', '5'],
  'classify start': ['--source', 'sample', '--model', 'autopilot/standard', '--set', 'seed=1', '--follow'],
  'classify status': ['--source', 'sample'],
  'classify runs': ['--limit', '5'],
  'classify results': ['--run', ID, '--code', 'CONTACT', '--review', '--order', 'doubt'],
  'classify evaluate': ['--run', ID],
  'classify cancel': ['--run', ID],
  'classify review': ['0.0', '--correct', 'CITY', '--similar'],
};
test('every command to a running platform is in the table', () => {
  const names = [
    ...[...sessionCommands, ...contentCommands],
    ...[...classificationRunCommands, ...classificationReviewCommands],
  ].map(({ name }) => name);
  expect(names.sort()).toEqual(Object.keys(CALLS).sort());
});

test.each(Object.entries(CALLS))(
  '%s ends 5 where no platform runs, and says how to start one',
  async (name, rest) => {
    const ended = await tempera([...name.split(' '), ...rest]);
    expect(ended).toMatchObject({
      code: 5,
      out: '',
      err: expect.stringMatching(/No platform runs .* npm start/),
    });
  },
);

test.each(COMMANDS.map(({ name }) => name))(
  '%s ends 2 for an unknown option and one argument too many',
  async (name) => {
    const least = COMMANDS.find((command) => command.name === name)?.arguments ?? [0, 0];
    const words = [...name.split(' '), ...Array.from({ length: least[1] }, () => ID)];
    expect(await tempera([...words, '--colour', 'red'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('There is no option --colour'),
    });
    expect(await tempera([...words, 'more'])).toMatchObject({
      code: 2,
      err: expect.stringContaining("'more' is one argument too many"),
    });
  },
);

test.each<[string[], string]>([
  [['sessions', 'list', '--state', 'bogus'], '--state takes created, eda_running'],
  [['sessions', 'list', '--limit', '-1'], '--limit'],
  [['sessions', 'list', '--limit=-1'], '--limit takes a whole number from 1 to 200'],
  [['sessions', 'list', '--limit', '201'], '--limit takes a whole number from 1 to 200'],
  [['sessions', 'list', '--limit', 'many'], '--limit takes a whole number'],
  [['sessions', 'wait', ID, '--timeout', '0'], '--timeout takes a number of seconds above 0'],
  [['sessions', 'start', ID, 'fly'], 'There is no stage fly'],
  [['sessions', 'steps', ID, '--stage', 'fly'], '--stage takes eda, prep, train'],
  [['sessions', 'fork', ID, '3'], "'3' is not the id of a step"],
  [['sessions', 'approve', ID, ID, 'perhaps'], 'Decide with yes or no'],
  [['sessions', 'limits', ID], 'Give one of --turns, --tokens, --cost, --time'],
  [['sessions', 'limits', ID, '--turns', '1.5'], "--turns cannot be '1.5'"],
  [['sessions', 'limits', ID, '--turns', '0'], "--turns cannot be '0'"],
  [['sessions', 'limits', ID, '--cost', 'much'], "--cost cannot be 'much'"],
  [['follow', ID, '--after', '-1'], '--after'],
  [['follow', ID, '--after', 'x'], '--after takes a whole number'],
  [['sql', ID, 'select 1', '--limit', '0'], '--limit takes a whole number'],
  [['sql', ID, 'select 1', '--limit', '999999'], '--limit takes a whole number from 1 to'],
  [['run', 'no-such.csv'], 'There is no file no-such.csv'],
  [['run', 'package.json', '--model', 'a b'], '--model takes PROVIDER/MODEL'],
  [
    ['run', 'package.json', '--problem-type', 'ranking'],
    '--problem-type takes binary, multiclass, regression',
  ],
  [['run', 'package.json', '--target', ''], '--target is empty'],
  [['sessions', 'list', '--format', 'xml'], '--format takes table, json, yaml'],
  [['sessions'], "There is no command 'sessions'"],
])('%j ends 2', async (words, sentence) => {
  const ended = await tempera(words);
  expect(ended).toMatchObject({ code: 2, out: '', err: expect.stringContaining(sentence) });
});
