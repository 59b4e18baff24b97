/** The bundled vocabulary, and the reader of one's own: tree and flat form, CSV and JSON, with its findings. */

import fc from 'fast-check';
import { bundled } from '../testing/bundled.ts';
import { readCsv } from './csv.ts';
import { pathOf, readVocabulary } from './vocabulary.ts';
import { VocabularyError } from './vocabulary-error.ts';

const TREE = `code,label,parent_code,notation,abbrev,description,common_names,sensitivity
people,People,,1,,,,
people.mail,"Mail, electronic",people,1.1,EML,Address for mail,"e-mail|post; letter",personal
`;
const FLAT = `id,ontology,annotation,definition,common_names,specifics,deprecated,sensitivity_pii,sensitivity_level
hr.pay.wage,hr,Wage,Money for work,pay,By month,,yes,high
plate,cars,Plate,,,,no,,
old,cars,Old plate,,number tag,,true,,
`;

test('the bundled vocabulary has at least 120 terms and 90 leaves over nine subjects, described, no finding', () => {
  const { terms, frame, findings } = bundled().vocabulary;
  expect(terms.size).toBeGreaterThanOrEqual(120);
  expect(frame.leaves.length).toBeGreaterThanOrEqual(90);
  expect(findings).toEqual([]);
  const all = [...terms.values()];
  expect(all.filter(({ parent }) => parent === null).map(({ code }) => code)).toEqual([
    ...['IDENTITY', 'CONTACT', 'FINANCE', 'HEALTH', 'TECHNICAL', 'LOCATION', 'TIME', 'PRODUCT', 'METADATA'],
  ]);
  expect(
    all.filter(({ description, sensitivity, notation }) => !(description && sensitivity && notation)),
  ).toEqual([]);
});

test('every pattern, and every value list but four, has a term of the bundled vocabulary that means it', () => {
  const { knowledge, attachments } = bundled();
  const meanings = [...knowledge.patterns.map(({ meaning }) => meaning), ...knowledge.valueLists.keys()];
  expect(meanings.length).toBeGreaterThan(70);
  const strange = meanings.filter((meaning) => (attachments.get(meaning) ?? []).length === 0);
  expect(strange).toEqual(['airline', 'genre', 'species', 'sport']);
  const pairs = knowledge.confusable.flat();
  expect(pairs.filter((meaning) => !(meaning in knowledge.meanings))).toEqual([]);
});

test('the tree form', () => {
  const vocabulary = readVocabulary(TREE);
  expect(vocabulary.form).toBe('tree');
  expect(vocabulary.terms.get('people.mail')).toEqual({
    ...{ code: 'people.mail', label: 'Mail, electronic', parent: 'people', notation: '1.1' },
    ...{ abbreviations: ['EML'], description: 'Address for mail', commonNames: ['e-mail', 'post', 'letter'] },
    ...{ sensitivity: 'personal', isMade: false },
  });
  expect(pathOf(vocabulary, 'people.mail')).toEqual(['People', 'Mail, electronic']);
});

test('the flat form: the tree by the dots of the codes, else by the ontology; missing nodes are made', () => {
  const vocabulary = readVocabulary(FLAT);
  expect(vocabulary.form).toBe('flat');
  expect([...vocabulary.frame.leaves]).toEqual(['hr.pay.wage', 'plate']);
  expect(pathOf(vocabulary, 'hr.pay.wage')).toEqual(['hr', 'pay', 'Wage']);
  expect(pathOf(vocabulary, 'plate')).toEqual(['cars', 'Plate']);
  expect(vocabulary.terms.get('hr.pay')?.isMade).toBe(true);
  expect(vocabulary.terms.get('hr.pay.wage')).toMatchObject({
    description: 'Money for work By month',
    sensitivity: 'pii, high',
  });
});

test('a deprecated term is none, and names that only it had are told', () => {
  const { terms, findings } = readVocabulary(FLAT);
  expect(terms.has('old')).toBe(false);
  expect(findings).toEqual([
    {
      ...{ kind: 'orphaned_alias', level: 'warning', line: 4 },
      message: 'The name "number tag" leads to no term: old is deprecated.',
    },
  ]);
});

test('JSON has the same terms, as a list or below "terms"', () => {
  const terms = [
    { code: 'a', label: 'A' },
    { code: 'a.b', label: 'B', common_names: ['bee', 'buzz'], description: null },
  ];
  const list = readVocabulary(JSON.stringify(terms));
  expect(list.terms.get('a.b')).toMatchObject({ parent: 'a', commonNames: ['bee', 'buzz'], description: '' });
  expect(readVocabulary(JSON.stringify({ terms }))).toMatchObject({ form: 'tree', findings: [] });
  const flat = readVocabulary('[{"id": "x", "annotation": "X", "deprecated": false}]');
  expect(flat.form).toBe('flat');
});

test('two terms with one label are told, and stay', () => {
  const { findings, terms } = readVocabulary('code,label\na,Name\nb,name\nc,Other\n');
  expect(terms.size).toBe(3);
  expect(findings.map(({ kind, line }) => [kind, line])).toEqual([['label_collision', 3]]);
});

test('a name without a letter is told', () => {
  const { findings } = readVocabulary('code,label,common_names\na,Name,"--|fine"\n');
  expect(findings.map(({ message }) => message)).toEqual([
    'The name "--" leads to no term: a has it without a letter or digit.',
  ]);
});

test.each([
  ['', 'There is no term in it.'],
  ['code,label\n', 'There is no term in it.'],
  ['code,label\na,A\nb,B\na,C\n', 'Line 4: The code a stands in line 2 already.'],
  [
    'code,label,parent_code\na,A,b\nb,B,c\nc,C,a\nd,D,a\n',
    'Line 2: These terms are above each other: a, b, c.',
  ],
  ['name,text\na,b\n', 'Line 1: It has neither the columns code and label nor the columns id and annotation'],
  ['code,label\na,A\n,B\n', 'Line 3: The term has no code.'],
  ['code,label\na,A,B\n', 'Line 2: It has 3 cells under 2 names'],
  ['code,label\na,A\nb,"B\nc,C\n', 'Line 3: A quote begins here that does not end.'],
  ['[{"code": "a", "label": "A"},\n 7]', 'Line 2: Here is no term'],
  ['{"words": []}', 'It is JSON, but no list of terms.'],
  ['[{"code": "a",\n "label": }]', 'It begins as JSON and cannot be read as such.'],
  ['id,annotation,deprecated\na,A,yes\n', 'Every term in it is deprecated.'],
])('%j is refused with its line', (text, sentence) => {
  expect(() => readVocabulary(text)).toThrow(sentence);
});

test('CSV is read as its standard says: quotes, line ends of each kind, the line on which a row begins', () => {
  expect(readCsv('a,"b ""c"", d"\r\n\r\n"two\nlines",x\ny,')).toEqual([
    { line: 1, cells: ['a', 'b "c", d'] },
    { line: 3, cells: ['two\nlines', 'x'] },
    { line: 5, cells: ['y', ''] },
  ]);
});

test('texts with NUL and half characters are made lawful', () => {
  const broken = readVocabulary('code,label\na,A\0B\ud800\n');
  expect(broken.terms.get('a')?.label).toBe('A\ufffdB\ufffd');
});

test('many terms are read; a chain of too many, and too many at all, are refused', () => {
  const rows = (count: number, parent: (at: number) => string) =>
    `code,label,parent_code\n${Array.from({ length: count }, (_, at) => `t${at},T${at},${parent(at)}`).join('\n')}`;
  const wide = readVocabulary(rows(5_000, (at) => (at > 99 ? `t${at % 100}` : '')));
  expect(wide.frame.leaves.length).toBe(4_900);
  expect(() => readVocabulary(rows(5_000, (at) => (at > 0 ? `t${at - 1}` : '')))).toThrow(
    'is below 64 others',
  );
  expect(() => readVocabulary(rows(20_001, () => ''))).toThrow('It has 20001 terms; 20000 can be used.');
});

test('whatever a file holds, it is a vocabulary or refused with a sentence', () => {
  const cell = fc.oneof(fc.constantFrom('a', 'a.b', '.', 'b..c', '', 'code', 'id', '"', 'x|y;'), fc.string());
  const lines = fc.array(fc.array(cell, { minLength: 1, maxLength: 8 }), { maxLength: 8 });
  const heads = fc.constantFrom(
    'code,label,parent_code,common_names',
    'id,annotation,ontology,deprecated',
    '',
    '[',
  );
  fc.assert(
    fc.property(heads, lines, (head, rows) => {
      const text = [head, ...rows.map((cells) => cells.join(','))].join('\n');
      try {
        const { frame, terms } = readVocabulary(text);
        expect(frame.leaves.length).toBeGreaterThan(0);
        for (const { parent } of terms.values()) expect(parent === null || terms.has(parent)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(VocabularyError);
      }
    }),
    { numRuns: 500 },
  );
});
