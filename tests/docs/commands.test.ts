/**
 * Every command that is documented can be typed: its script, command, project and files are there. Those that need a
 * platform are run as written by tests/pipelines/documented-commands.test.ts; a new one has to be placed here.
 */

import { existsSync, readFileSync } from 'node:fs';
import { parseCommandLine, splitLine } from '../../cli/command-line.ts';
import { COMMANDS } from '../../cli/registry.ts';
import { RUN_AS_WRITTEN } from '../pipelines/run-as-written.ts';
import { documentedCommands } from './documented-commands.ts';

const scripts: Record<string, string> = JSON.parse(readFileSync('package.json', 'utf8')).scripts;
const PROJECTS = ['unit', 'integration', 'platform', 'faults', 'browser'];
const GROUPS = [...PROJECTS, 'GROUP', '…'];
/** Words that stand for something else. */
const STANDS_FOR = /^(ID|NAME|COMMAND|N|…|STAGE|TEXT)$/;

/** Whole commands of which a test runs the work under another form, and which. */
const RUN_ELSEWHERE: Record<string, string> = {
  // installs packages from an index, which a test does without; the script runs with those that the sandbox has
  'python -m venv .venv && . .venv/bin/activate && pip install -r requirements.txt':
    'tests/pipelines/take-away.ts',
  'PYTHONPATH=. python eda/scripts/step_01_profile_the_table.py': 'tests/pipelines/take-away.ts',
  'python predict.py FILE OUTPUT.csv': 'sandbox/tests/tables/test_predictions.py',
  'cd tempera-out/penguins': 'tests/pipelines/documented-commands.test.ts',
  // grpcurl is no part of a set-up; the same calls by another client
  'grpcurl -plaintext 127.0.0.1:7401 list': 'api/grpc/server.int.test.ts',
  'grpcurl -plaintext -d \'{"kind": "ENDPOINT_KIND_GPU"}\' 127.0.0.1:7401 tempera.v1.Platform/WatchEndpoints':
    'api/grpc/server.int.test.ts',
  'grpcurl -plaintext -d \'{"session_id": "ID"}\' 127.0.0.1:7401 tempera.v1.Platform/ListDecisions':
    'api/grpc/decisions.int.test.ts',
};

/** Why it could not be typed, or null. */
function problemOf(command: string): string | null {
  if (RUN_AS_WRITTEN.has(command)) return null;
  const elsewhere = RUN_ELSEWHERE[command];
  if (elsewhere !== undefined) return existsSync(elsewhere) ? null : `there is no ${elsewhere}`;
  const words = splitLine(command.replace(/^([A-Z_]+=\S+ )+/, ''));
  const [program, second, third, ...rest] = words;
  if (program === 'tempera') return problemOfCli(words.slice(1));
  if (program === 'npm' && second === 'start') return third === '--' ? problemOfCli(rest) : null;
  if (program === 'npm' && second === 'test') return problemOfGroups(third === '--' ? rest : []);
  if (program === 'npm' && second === 'ci') return null;
  if (program === 'npm' && second === 'run') {
    if (scripts[third ?? ''] === undefined) return `package.json has no script ${third}`;
    return third === 'bench' ? problemOfBench(rest) : null;
  }
  if (program === 'npx' && second === 'jest') return problemOfJest(words);
  return 'no test says that it can be typed';
}

/** Placeholders are placeholders still: what is checked is that there is such a command with such options. */
function problemOfCli(words: string[]): string | null {
  if (words[0] === '--detach' || words[0] === 'COMMAND') return null;
  if (words[0] === '--cmd') return problemOfCli(splitLine((words[1] ?? '').replace(/^\//, '')));
  const plain = words.join(' ').replaceAll(/ ?\[[^\]]*\]/g, '');
  try {
    const { command } = parseCommandLine(splitLine(plain), COMMANDS);
    return command ? null : 'there is no such command';
  } catch (error) {
    return String(error);
  }
}

const problemOfGroups = (words: string[]): string | null =>
  words.every((word) => GROUPS.includes(word)) ? null : `there is no group ${words.join(' ')}`;

const problemOfBench = (words: string[]): string | null => {
  const name = words.find((word) => word !== '--' && !word.startsWith('--'));
  return name === undefined || STANDS_FOR.test(name) || existsSync(`bench/${name}/main.ts`)
    ? null
    : `there is no bench ${name}`;
};

function problemOfJest(words: string[]): string | null {
  const project = words[words.indexOf('--selectProjects') + 1] ?? '';
  if (!PROJECTS.includes(project)) return `there is no project ${project}`;
  const path = words.at(-1) ?? '';
  const folder = path.split('/').slice(0, -1).join('/') || path;
  return existsSync(path) || existsSync(folder) ? null : `there is no ${path}`;
}

test('every documented command can be typed', () => {
  const found = documentedCommands();
  expect(found.length).toBeGreaterThan(60);
  const wrong = found.flatMap(({ file, command }) => {
    const problem = problemOf(command);
    return problem === null ? [] : [`${file}: ${command}: ${problem}`];
  });
  expect(wrong).toEqual([]);
});

test('what is run as written is documented, and so is what is run elsewhere', () => {
  const documented = new Set(documentedCommands().map(({ command }) => command));
  const known = [...RUN_AS_WRITTEN.keys(), ...Object.keys(RUN_ELSEWHERE)];
  expect(known.filter((command) => !documented.has(command))).toEqual([]);
});
