import { memoryRetry, modelOutput, scriptOutput, validationOutput } from './step-output.ts';

test('a turn says why it stopped and which calls it made', () => {
  const output = { stopReason: 'tool_use', calls: [{ id: 'c', name: 'read_file', kind: 'read' }] };
  expect(modelOutput({ output })).toEqual(output);
  expect(() => modelOutput({ output: { stopReason: 'tired', calls: [] } })).toThrow();
  expect(() => modelOutput({ output: null })).toThrow();
});

test('of a script each field is read by itself: one that is not of its form takes no other with it', () => {
  const output = {
    status: 'ok',
    files_changed: 'all',
    stdout: 'hello',
    stderr_blob: 7,
    script_path: 'eda/a.py',
  };
  expect(scriptOutput({ output })).toEqual({ status: 'ok', stdout: 'hello', script_path: 'eda/a.py' });
  expect(scriptOutput({ output: null })).toEqual({});
});

test('only a script that runs once more for its memory has a retry', () => {
  const retry = { reason: 'out_of_memory', peak_memory_bytes: 1, memory_bytes: 2 };
  expect(memoryRetry({ output: retry })).toEqual(retry);
  expect(memoryRetry({ output: { status: 'ok' } })).toBeNull();
  expect(memoryRetry({ output: null })).toBeNull();
});

test('a validation of any version is read', () => {
  const nothing = { passed: [], warnings: [], errors: [], facts: {} };
  expect(validationOutput({ output: null })).toEqual(nothing);
  expect(validationOutput({ output: { errors: ['no model'] } })).toEqual({
    ...nothing,
    errors: ['no model'],
  });
});
