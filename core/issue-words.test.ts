import fc from 'fast-check';
import { z } from 'zod';
import { TOOL_INPUTS } from '../agents/index.ts';
import { ConfigSchema } from '../config/schema.ts';
import { inWords } from './issue-words.ts';
import { LimitsSchema } from './limits.ts';

/** How zod says it, and what a programmer calls things. */
const ZOD = new RegExp(
  String.raw`Invalid|expected|received|Too (small|big)|Unrecognized|undefined|NaN|nonoptional|int\b|enum` +
    String.raw`|regex|pattern|\bnull\b.*null`,
);

const wordsOf = (schema: z.ZodType, value: unknown): string[] => {
  const parsed = schema.safeParse(value, { error: inWords });
  return parsed.success ? [] : parsed.error.issues.map(({ message }) => message);
};

test.each<[z.ZodType, unknown, string]>([
  [z.string(), 5, 'must be text, not 5'],
  [z.string(), undefined, 'is missing'],
  [z.number().int(), 1.5, 'must be a whole number, not 1.5'],
  [z.number().min(1), 0, 'must be at least 1, not 0'],
  [z.number().positive(), 0, 'must be above 0, not 0'],
  [z.number().max(9), 10, 'must be at most 9, not 10'],
  [z.string().min(1), '', 'is empty'],
  [z.string().max(3), 'abcd', 'must have at most 3 characters'],
  [z.array(z.string()).min(2), ['a'], 'must have at least 2 entries'],
  [z.enum(['a', 'b']), 'c', "must be one of a, b, not 'c'"],
  [z.union([z.boolean(), z.enum(['true', 'false'])]), 'yes', "must be one of true, false, not 'yes'"],
  [z.strictObject({ a: z.string() }), { a: 'x', b: 1 }, "has 'b', which is not known here"],
  [z.uuid(), 'x', "must be an id, not 'x'"],
  [z.array(z.string()), {}, 'must be a list, not an object'],
  [z.object({}), 'x'.repeat(200), `must be an object with named fields, not '${'x'.repeat(60)}…'`],
  [z.string().refine(() => false, 'is not a column'), 'x', 'is not a column'],
])('%#: in words', (schema, value, words) => {
  expect(wordsOf(schema, value)).toEqual([words]);
});

test('whatever is given to settings, limits and tools, no word of the library comes of it', () => {
  const values = fc.oneof(
    fc.string(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constant([]),
    fc.object({ maxDepth: 1 }),
  );
  for (const schema of [LimitsSchema, ConfigSchema, ...Object.values(TOOL_INPUTS)]) {
    const fields = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
    const wrong = fc.oneof(values, fc.dictionary(fc.constantFrom(...fields, 'other'), values));
    fc.assert(
      fc.property(wrong, (value) => {
        // the values themselves are shown, and may say anything
        for (const words of wordsOf(schema, value))
          expect(words.replace(/, not .*$/s, '').replace(/^has .*,/, '')).not.toMatch(ZOD);
      }),
      { numRuns: 60, seed: 5 },
    );
  }
});
