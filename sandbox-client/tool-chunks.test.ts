/** Chunks that a tool of one's own streams, as the caller gets them. */

import { decodeToolChunk } from './tool-chunks.ts';

const decoded = (data: string | Buffer, isFinal = false, metadata: Record<string, string> = {}) =>
  decodeToolChunk({ chunkId: 0, data: Buffer.from(data as string), isFinal, metadata });
const rest = { is_final: false, _metadata: {} };

test.each([
  ['a JSON object gives its own keys', '{"step":1,"total":4}', { step: 1, total: 4 }],
  ['a JSON list stands under data', '[1,2]', { data: [1, 2] }],
  ['a JSON number stands under data', '42', { data: 42 }],
  ['null stands under data', 'null', { data: null }],
  ['plain text stands under text', 'three of four', { text: 'three of four' }],
  ['nothing is empty text', '', { text: '' }],
  ['undecodable bytes stand under raw_data_base64', Buffer.from([255, 0, 254]), { raw_data_base64: '/wD+' }],
])('%s', (_, data, expected) => {
  expect(decoded(data)).toEqual({ ...expected, ...rest });
});

test('the marks of the chunk win over keys of the same name', () => {
  expect(decoded('{"is_final":false,"_metadata":1}', true, { unit: 'm' })).toEqual({
    is_final: true,
    _metadata: { unit: 'm' },
  });
});
