import type { ExecutionExit } from '../core/ports/sandbox.ts';
import { OutputCapture } from './output-capture.ts';
import { executionResult } from './tool-output.ts';

const exit: ExecutionExit = {
  ...{ status: 'ok', code: 0, signal: 0, durationUs: 1, cpuUs: 1, peakMemoryBytes: 1, filesChanged: [] },
  ...{ errorName: '', errorValue: '', traceback: '', message: '' },
};

function captured(...pieces: (string | Uint8Array)[]) {
  const capture = new OutputCapture();
  for (const piece of pieces) capture.add(Buffer.from(piece));
  return capture.whole;
}

test('an agent is told what a terminal shows: a thousand frames of a bar are one line', () => {
  const frames = Array.from({ length: 1_000 }, (_, at) => `\r${'█'.repeat(at / 20)} ${at + 1}/1000`);
  const output = { stdout: captured('\u001b[1mdone\u001b[0m\n'), stderr: captured(...frames, '\n') };
  expect(executionResult(exit, output, { step: 's', limit: 8_000 })).toBe(
    `exit: ok\nstdout:\ndone\n\nstderr:\n${'█'.repeat(49)} 1000/1000\n`,
  );
});

test('frames are applied before the output is cut: what is left out is never what a bar has written over', () => {
  const frames = Array.from({ length: 100_000 }, (_, at) => `\r${at + 1} of 100000`).join('');
  const output = { stdout: captured(`first\n${frames}\nlast\n`), stderr: captured() };
  expect(executionResult(exit, output, { step: 's', limit: 20 })).toBe(
    'exit: ok\nstdout:\nfirst\n100000 of 100000\nlast\n',
  );
});

test('of an output that the host has cut the whole size is told', () => {
  const capture = new OutputCapture();
  capture.add(Buffer.from('head\n'), 0);
  capture.add(Buffer.from('… 990 bytes of output cut here …\n'), 5);
  capture.add(Buffer.from('tail\n'), 995);
  const output = { stdout: capture.whole, stderr: captured() };
  expect(executionResult(exit, output, { step: 's', limit: 100 })).toBe(
    'exit: ok\nstdout (1000 bytes were printed; head and tail of them are kept):\n' +
      'head\n… 990 bytes of output cut here …\ntail\n',
  );
});

test('a long output is cut between characters and names its handle', () => {
  const output = { stdout: captured('🐧'.repeat(50)), stderr: captured() };
  const result = executionResult(exit, output, { step: 's', limit: 9 });
  expect(result).toContain(
    `${'🐧'.repeat(4)}\n… 82 of 100 characters left out; read_file path="output:s/stdout"`,
  );
  expect(result.endsWith(`…\n${'🐧'.repeat(4)}`)).toBe(true);
});

test('bytes are kept as they came, however they are cut, and text is what can be kept of them', () => {
  const bytes = Buffer.from([0x61, 0xf0, 0x9f, 0x90, 0xa7, 0x00, 0xff, 0x0d, 0x62]);
  const whole = captured(...[...bytes].map((byte) => Uint8Array.of(byte)));
  expect(whole.bytes).toEqual(bytes);
  expect([whole.text, whole.shown]).toEqual(['a🐧\ufffd\ufffd\rb', 'b🐧\ufffd\ufffd']);
});
