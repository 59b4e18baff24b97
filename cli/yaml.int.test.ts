/** What `--format yaml` says is the same for PyYAML, which reads YAML 1.1, and for a reader of 1.2. */

import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { parse } from 'yaml';
import { yamlOf } from './yaml.ts';

/** Texts that one version or the other takes for something else. */
const TREACHEROUS = [
  ...[
    'yes',
    'No',
    'on',
    'OFF',
    'y',
    'n',
    'true',
    'null',
    '~',
    '',
    ' ',
    '=',
    '<<',
    '-',
    '?',
    ':',
    '---',
    '...',
  ],
  ...[
    '12:30:00',
    '1:2',
    '190:20:30',
    '0o17',
    '017',
    '0x1F',
    '0b11',
    '1_000',
    '1e3',
    '1.',
    '.5',
    '.inf',
    '.NaN',
  ],
  ...[
    '2026-01-31',
    '2026-01-31 12:00:00',
    '2026-01-31T12:00:00Z',
    '#x',
    'a #b',
    'a: b',
    '- a',
    '? a',
    '&a',
    '*a',
  ],
  ...[
    '!a',
    '|',
    '>',
    '%a',
    '@a',
    '`a',
    '{',
    '[a',
    '"',
    "'",
    'a\nb',
    '\n',
    'a\n',
    ' a',
    'a ',
    '\ta',
    'a\r\nb',
    '\u0085',
  ],
  ...[
    '\u2028',
    '\u00a0',
    '\ufeffa',
    '\u0000',
    '\u001b[31m',
    '\u007f',
    'größe',
    '数据',
    '🐧',
    'a'.repeat(200),
    `${'b '.repeat(90)}`,
  ],
];
const NUMBERS = [0, -0, 1, -1, 1.5, 1e21, -1e21, 1.5e300, 1e-7, 3.4e38, 2 ** 53, 123456789012345680000, 0.1];

const text = fc.oneof(fc.constantFrom(...TREACHEROUS), fc.string(), fc.string({ unit: 'grapheme' }));
const leaf = fc.oneof(
  text,
  fc.constantFrom(...NUMBERS),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const { tree: document } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(text, tie('tree'), { maxKeys: 4 }),
  ),
}));

/** What PyYAML takes each text for, as JSON. */
function readByPython(texts: string[]): unknown[] {
  const program =
    'import json, sys, yaml; print(json.dumps([yaml.safe_load(each) for each in json.load(sys.stdin)]))';
  const { stdout, stderr } = spawnSync(process.env.TEMPERA_PYTHON || 'python3', ['-c', program], {
    input: JSON.stringify(texts),
    maxBuffer: 1e8,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

test('YAML is read back to the same values, by a reader of 1.1 and by one of 1.2', () => {
  const sampled = fc.sample(document, { numRuns: 2_000, seed: 7 });
  const documents: unknown[] = [
    ...TREACHEROUS,
    ...NUMBERS,
    ...TREACHEROUS.map((key) => ({ [key]: 1 })),
    ...sampled,
  ]
    // -0 has no form of its own in JSON
    .map((each) => JSON.parse(JSON.stringify(each)));
  const written = documents.map(yamlOf);
  expect(readByPython(written)).toEqual(documents);
  expect(written.map((each) => parse(each, { version: '1.2' }))).toEqual(documents);
});
