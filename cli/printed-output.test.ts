import { PrintedOutput } from './printed-output.ts';

const printed = (text: string, stream = 'stdout') => ({
  seq: 1,
  type: 'code_output',
  data: { step: 's', execution: 1, stream, offset: 0, text },
});
const ended = { seq: 2, type: 'tool_end', data: { step: 's' } };

test('lines are told as they end, a progress bar once, the last line with the end of its script', () => {
  const output = new PrintedOutput();
  expect(output.take(printed('one\ntwo\n'))).toEqual(['one', 'two']);
  for (let frame = 1; frame < 1_000; frame += 1) expect(output.take(printed(`\r${frame}/1000`))).toEqual([]);
  expect(output.take(printed('\r1000/1000\n\u001b[32mgo'))).toEqual(['1000/1000']);
  expect(output.take(printed('a warning\n', 'stderr'))).toEqual(['a warning']);
  expect(output.take(ended)).toEqual(['go']);
  expect(output.take(ended)).toEqual([]);
});

test('bars that go up to change one another are told with the end of their script', () => {
  const output = new PrintedOutput();
  const frames = [1, 2, 3].map((at) => `\router ${at}\ninner ${at}\u001b[A`);
  expect(frames.flatMap((frame) => output.take(printed(frame)))).toEqual([]);
  expect(output.end()).toEqual(['outer 3', 'inner 3']);
});
