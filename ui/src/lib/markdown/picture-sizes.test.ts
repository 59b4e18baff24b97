/**
 * The sizes of pictures, known before a report is drawn, so that nothing on the page moves by itself when they come.
 */

import { knownSize, learnSizes, pngSize } from './picture-sizes.ts';

function png(width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(24);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  new DataView(bytes.buffer).setUint32(16, width);
  new DataView(bytes.buffer).setUint32(20, height);
  return bytes;
}

test('a PNG tells its size in its first bytes; anything else tells none', () => {
  expect(pngSize(png(1200, 800))).toEqual({ width: 1200, height: 800 });
  expect(pngSize(png(0, 800))).toBeNull();
  expect(pngSize(new Uint8Array(24))).toBeNull();
  expect(pngSize(png(1, 1).subarray(0, 20))).toBeNull();
});

test('sizes are asked for once, and a picture that cannot be read holds up nothing', async () => {
  const asked: string[] = [];
  const readStart = async (url: string): Promise<Uint8Array> => {
    asked.push(url);
    if (url.includes('gone')) throw new Error('It is gone.');
    return png(640, 480);
  };
  await learnSizes(['/a.png', '/gone.png', '/b.svg'], readStart);
  await learnSizes(['/a.png?checkpoint=1', '/a.png'], readStart);
  expect(asked).toEqual(['/a.png', '/gone.png', '/a.png?checkpoint=1']);
  expect([knownSize('/a.png'), knownSize('/gone.png'), knownSize('/b.svg')]).toEqual([
    { width: 640, height: 480 },
    null,
    null,
  ]);
});
