import { parseCommandLine, splitLine } from './command-line.ts';
import { COMMANDS } from './registry.ts';

const parse = (...words: string[]) => parseCommandLine(words, COMMANDS);

test('a command of two words wins over one', () => {
  const { command, positionals } = parse('sessions', 'show', 'abc');
  expect([command?.name, positionals]).toEqual(['sessions show', ['abc']]);
});

test('options may stand anywhere', () => {
  const { values, positionals, format } = parse('run', '--target', 'y', 'a.csv', '--format=json');
  expect([values.target, positionals, format]).toEqual(['y', ['a.csv'], 'json']);
});

test('--json is --format json', () => {
  expect(parse('status', '--json').format).toBe('json');
  expect(parse('status').format).toBe('table');
});

test('--cmd takes the command as one string', () => {
  const { command, positionals } = parse('--cmd', `/sql abc "select 'a b'"`, '--format', 'yaml');
  expect([command?.name, positionals]).toEqual(['sql', ['abc', "select 'a b'"]]);
});

test.each([[[]], [['--help']], [['help']], [['run', '--help']]])('%j asks for help', (words) => {
  expect(parse(...words).help).toBe(true);
});

test.each([
  [['bogus']],
  [['sessions']],
  [['sessions', 'show']],
  [['sessions', 'show', 'a', 'b']],
  [['run', 'a.csv', '--colour']],
  [['status', '--format', 'xml']],
])('%j is wrong usage', (words) => {
  expect(() => parse(...words)).toThrow(expect.objectContaining({ exitCode: 2 }));
});

test.each([
  [['run', 'a.csv', '--colour'], /^There is no option --colour\. Usage: .*$/],
  [['run', 'a.csv', '--target', '--name', 'b'], /^--target needs a value; .* --target=VALUE\. Usage: .*$/],
  [['run', 'a.csv', '--target'], /^--target needs a value\. Usage: .*$/],
  [['stop', '--detach=1'], /^There is no option --detach\. Usage: .*$/],
  [['start', '--detach=1'], /^--detach takes no value\. Usage: .*$/],
  [['run', 'a.csv', 'b.csv'], /^'b\.csv' is one argument too many\. Usage: .*$/],
])('%j is refused in one line that says why', (words, sentence) => {
  expect(() => parse(...words)).toThrow(sentence);
});

test('quotes keep words together', () => {
  expect(splitLine(`a "b c" 'd "e"' "f \\"g\\""`)).toEqual(['a', 'b c', 'd "e"', 'f "g"']);
});
