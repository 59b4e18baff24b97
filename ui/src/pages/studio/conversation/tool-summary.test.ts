import { NOTHING_CAPTURED, type ToolItem } from '../../../lib/streams/conversation-item.ts';
import { lastLine, toolResult, toolTitle } from './tool-summary.ts';

const call = (change: Partial<ToolItem>): ToolItem => ({
  kind: 'tool',
  id: 's',
  seq: 1,
  stage: 'eda',
  run: 1,
  at: '',
  tool: 'execute_code',
  title: 'Look at the table',
  input: {},
  state: 'done',
  execution: 1,
  stdout: NOTHING_CAPTURED,
  stderr: NOTHING_CAPTURED,
  result: '',
  durationMs: 1,
  files: [],
  checkpoint: null,
  ...change,
});
const printed = (text: string) => ({ text, lines: [], cut: 0 });

test('a call is titled by what it does', () => {
  expect(toolTitle(call({}))).toBe('Look at the table');
  expect(toolTitle(call({ tool: 'read_file', input: { path: 'eda/report.md' } }))).toBe('Read eda/report.md');
  expect(toolTitle(call({ tool: 'list_files', input: { path: '.' } }))).toBe('List all files');
});

test('its result takes about six words', () => {
  expect(toolResult(call({ state: 'running' }))).toBe('');
  expect(toolResult(call({ files: ['a'] }))).toBe('1 file');
  expect(toolResult(call({ stdout: printed('a\none two three four five six seven\n\n') }))).toBe(
    'one two three four five six…',
  );
  expect(toolResult(call({}))).toBe('done');
});

test('a failure says its last line', () => {
  const failed = call({ state: 'failed', stderr: printed('Traceback\n  File\nKeyError: "x"\n') });
  expect(lastLine(failed)).toBe('KeyError: "x"');
  expect(toolResult(failed)).toBe('KeyError: "x"');
});
