import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  LARGEST_EVIDENCE,
  LARGEST_VALUE,
  LONGEST_KEY,
  LONGEST_REASON,
  MOST_ALTERNATIVES,
  ProposalSchema,
} from '../core/decisions.ts';
import { EVENT_SCHEMAS } from '../core/events.ts';
import { LARGEST_MESSAGE, LONGEST_NAME, unkeepable } from '../core/logged-content.ts';
import type { ExecutionChunk, LoggedMetric } from '../core/ports/sandbox.ts';
import { LawfulChunks } from './lawful-chunks.ts';

const point = (fields: Partial<Record<keyof LoggedMetric, unknown>>): LoggedMetric =>
  ({ step: 1, name: 'loss', value: 0.5, run_tag: '', ...fields }) as LoggedMetric;
const take = (...chunks: object[]) => {
  const lawful = new LawfulChunks();
  const taken = chunks.map((chunk, offset) => lawful.take({ offset, ...chunk } as ExecutionChunk));
  return { taken, note: lawful.note() };
};

test.each([
  ['a step of time.time_ns()', { step: 1_764_444_444_000_000_000 }],
  ['a fractional step', { step: 0.5 }],
  ['a step that is no number', { step: Number.NaN }],
  ['a step that is none', { step: undefined }],
  ['a long name', { name: 'x'.repeat(LONGEST_NAME + 1) }],
  ['a name that is none', { name: null }],
  ['a long run', { run_tag: '🐧'.repeat(LONGEST_NAME + 1) }],
  ['a value that is text', { value: '0.5' }],
])('of a batch with %s the others are kept', (_, fields) => {
  const { taken, note } = take({
    kind: 'metrics',
    items: [point({ step: 0 }), point(fields), point({ step: 2 })],
  });
  expect(taken).toEqual([{ offset: 0, kind: 'metrics', items: [point({ step: 0 }), point({ step: 2 })] }]);
  expect(note).toMatch(/^tempera: dropped by the worker: 1 × a metric point \(.+\)\.\n$/);
});

test('what the SDK may send is kept', () => {
  const items = [
    point({ step: Number.MAX_SAFE_INTEGER, name: '🐧'.repeat(LONGEST_NAME) }),
    point({ value: Number.NaN }),
    point({ value: Number.NEGATIVE_INFINITY, run_tag: 'r'.repeat(LONGEST_NAME) }),
  ];
  expect(take({ kind: 'metrics', items })).toMatchObject({ taken: [{ items }], note: '' });
});

test.each([
  ['no JSON', '{'],
  ['nothing', ''],
  ['a number', '7'],
  ['another form', '{"charts":[{"title":1}]}'],
  ['a nest', '['.repeat(50_000) + ']'.repeat(50_000)],
  ['far too much', `{"charts":[],"x":"${'x'.repeat(3 * LARGEST_MESSAGE)}"}`],
])('a dashboard or table that is %s is dropped and told', (_, json) => {
  const { taken, note } = take({ kind: 'charts', json }, { kind: 'rich', json });
  expect(taken.map(({ kind }) => kind)).toEqual(['dropped', 'dropped']);
  expect(note).toContain('1 × a dashboard');
  expect(note).toContain('1 × a table or image');
});

test('a table whose data nest deeper than anything that is shown is dropped', () => {
  const data = `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`;
  const [taken] = take({ kind: 'rich', json: `{"kind":"table","name":"t","data":${data}}` }).taken;
  expect(taken?.kind).toBe('dropped');
});

test('whatever a host sends, what is taken of it can be written', () => {
  const text = fc.string({ unit: 'binary' });
  const json = fc.oneof(
    text,
    fc.json(),
    fc.jsonValue().map((value) => JSON.stringify({ charts: value })),
  );
  const anything = fc.oneof(
    text,
    fc.double(),
    fc.maxSafeInteger(),
    fc.constant(undefined),
    fc.constant(2 ** 60),
  );
  const item = fc.record({ step: anything, name: anything, value: anything, run_tag: anything });
  const stream = fc.constantFrom('stdout', 'stderr');
  const chunk = fc.oneof(
    fc.record({ kind: fc.constant('metrics'), items: fc.array(item) }),
    fc.record({ kind: fc.constantFrom('charts', 'rich', 'decision'), json }),
    fc.record({ kind: fc.constant('output'), stream, data: fc.uint8Array(), byteOffset: fc.nat() }),
  );
  fc.assert(
    fc.property(fc.array(chunk), (chunks) => {
      for (const taken of take(...chunks).taken) {
        if (taken.kind === 'metrics')
          expect(taken.items.filter((one) => unkeepable(one) !== null)).toEqual([]);
        if (taken.kind === 'charts') EVENT_SCHEMAS.chart_config.parse(taken.data);
        if (taken.kind === 'rich') EVENT_SCHEMAS.rich_log.parse({ ...taken.data, artifact: null });
        if (taken.kind === 'decision') expect(ProposalSchema.parse(taken.data)).toEqual(taken.data);
        if (taken.kind === 'output') expect(taken.text).not.toContain('\0');
      }
    }),
    { numRuns: 300 },
  );
});

test('the bounds are those of the SDK', () => {
  const channel = readFileSync('sandbox/tempera/_channel.py', 'utf8');
  expect(channel).toContain(`\nLONGEST_NAME = ${LONGEST_NAME}\n`);
  expect(channel).toContain('\nLARGEST_STEP = 2**53 - 1\n');
  expect(channel).toContain(`\nLARGEST_MESSAGE = ${LARGEST_MESSAGE / 1024} * 1024\n`);
  const decisions = readFileSync('sandbox/tempera/_decisions.py', 'utf8');
  const bounds = { LONGEST_KEY, LARGEST_VALUE, LONGEST_REASON, MOST_ALTERNATIVES };
  for (const [name, bound] of Object.entries(bounds)) expect(decisions).toContain(`\n${name} = ${bound}\n`);
  expect(decisions).toContain(`\nLARGEST_EVIDENCE = ${LARGEST_EVIDENCE / 1024} * 1024\n`);
});
