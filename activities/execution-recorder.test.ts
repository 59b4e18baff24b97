import { batchLength, inPieces, MAX_BATCH_METRICS } from './execution-recorder.ts';
import type { LawfulChunk } from './lawful-chunks.ts';

const metrics = (points: number): LawfulChunk => ({
  offset: 0,
  kind: 'metrics',
  items: Array.from({ length: points }, (_, step) => ({ step, name: 'loss', value: 1, run_tag: '' })),
});
const started: LawfulChunk = { offset: 0, kind: 'started' };

test('a batch takes all that waits while its points are few', () => {
  expect(batchLength([started, metrics(10), metrics(20)])).toBe(3);
});

test('a backlog is cut where the points of one transaction are reached', () => {
  expect(batchLength([metrics(MAX_BATCH_METRICS), metrics(1), started])).toBe(1);
});

test('one chunk is always taken, however large', () => {
  expect(batchLength([metrics(MAX_BATCH_METRICS + 1), started])).toBe(1);
});

test('output larger than an event becomes pieces of whole characters', () => {
  expect(inPieces('ab🐧cd', 3)).toEqual(['ab', '🐧c', 'd']);
  expect(inPieces('abc', 3)).toEqual(['abc']);
});
