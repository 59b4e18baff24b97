import { encodeEvent } from './sse.ts';

const at = '2026-01-01T00:00:00.000Z';

test('a stored event has its type, its number and one line of data', () => {
  const data = { state: 'eda_running' };
  const text = encodeEvent({ seq: 7, type: 'state_change', stage: 'eda', run: 1, data, created_at: at });
  expect(text).toBe(
    `event: state_change\nid: 7\ndata: {"stage":"eda","run":1,"created_at":"${at}","state":"eda_running"}\n\n`,
  );
});

test('line ends in the data stay within its line', () => {
  const data = { text: 'a\n\nevent: forged\rid: 9\u2028' };
  const text = encodeEvent({ seq: 1, type: 'agent_message', stage: null, run: null, data, created_at: at });
  expect(text.split('\n').filter((line) => line.startsWith('event:'))).toEqual(['event: agent_message']);
  expect(text).not.toContain('\r');
  expect(text.match(/\n\n/g)).toHaveLength(1);
});

test('a live delta has no id', () => {
  expect(encodeEvent({ type: 'agent_delta', data: { text: 'x' } })).toBe(
    'event: agent_delta\ndata: {"text":"x"}\n\n',
  );
});
