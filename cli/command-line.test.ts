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

test('quotes keep words together', () => {
  expect(splitLine(`a "b c" 'd "e"' "f \\"g\\""`)).toEqual(['a', 'b c', 'd "e"', 'f "g"']);
});
