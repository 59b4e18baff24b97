/** What of a session's decisions another table leaves open, each with its choices and what comes of them. Pure. */

import {
  aboutOf,
  concerning,
  dropped,
  type Effect,
  type Inherited,
  type InheritedLedger,
  renamed,
} from './inherited-ledger.ts';
import {
  allValues,
  frequent,
  isConstant,
  isNumeric,
  type LikeColumn,
  likeColumns,
  type Table,
  type TableColumn,
} from './table-columns.ts';

export interface Choice {
  answer: string;
  /** What comes of it, a sentence without its full stop. */
  consequence: string;
  effects: readonly Effect[];
}

export interface Question {
  /** The same for the same two tables and decisions. */
  id: string;
  /** What does not fit. */
  text: string;
  /** The recommended one first. */
  choices: readonly Choice[];
  /** What is taken where nobody can be asked; null where no choice is safe. */
  safe: Choice | null;
}

/** What is known while questions are asked. */
export interface Asking {
  ledger: InheritedLedger;
  former: Table;
  now: Table;
}

const SPLIT_KEYS = ['split.by', 'split.strategy'];
const ANEW = 'anew';

const question = (id: string, text: string, choices: readonly Choice[]): Question => ({
  ...{ id, text, choices },
  safe: choices[0] ?? null,
});
const unsafe = (asked: Question): Question => ({ ...asked, safe: null });

/** A column that decisions name and the table lacks. Null where nothing is lost by its absence. */
export function missingColumn(
  column: Pick<TableColumn, 'name' | 'key'> & Partial<TableColumn>,
  { ledger, now }: Asking,
  extra: readonly TableColumn[],
): Question | null {
  const concerned = concerning(ledger, column);
  const named = concerned.filter(({ key }) => !isOfColumn(key));
  const like = concerned.length === 0 ? [] : likeColumns(column, extra);
  if (concerned.length === 0 || (named.length === 0 && like.length === 0)) return null;
  const why = named.length > 0 ? 'decisions name' : 'is decided about';
  const text = `The new table has no column ${column.name}, which ${why}`;
  if (named.some(({ key }) => key === 'target'))
    return missingTarget({ column, text }, concerned, { like, now });
  const others = like.map((each) => isAnother(column, concerned, each));
  const gone: Choice = {
    answer: 'gone',
    consequence: sentences([
      `it is another table’s: ${column.name} is gone`,
      ...named.map(({ key }) => goneWords(key)),
    ]),
    effects: dropped(concerned.flatMap(({ key }) => goneKeys(key))),
  };
  const isClear = like[0]?.isLikely === true || named.length === 0;
  return question(`column.${column.key}`, text, isClear ? [...others, gone] : [gone, ...others]);
}

const isOfColumn = (key: string): boolean => key.startsWith('column.');
const sentences = (parts: readonly string[]): string => [...new Set(parts)].join('; ');

function isAnother(
  column: Pick<TableColumn, 'name' | 'key'>,
  concerned: readonly Inherited[],
  { column: to }: LikeColumn,
): Choice {
  const outcomes = concerned.map((inherited) => nowWords(inherited, to.name));
  return {
    answer: to.name,
    consequence: sentences([`${column.name} is called ${to.name} now`, ...outcomes]),
    effects: renamed(concerned, column, to),
  };
}

function nowWords({ key, value }: Inherited, name: string): string {
  if (key === 'target') return `${name} is predicted`;
  if (key === 'split.by') return `rows are dealt by ${name}`;
  if (key.endsWith('.use')) return value === 'out' ? `${name} is left out` : `${name} is used`;
  if (key.endsWith('.kind')) return `${name} is read as ${String(value)}`;
  return `${isOfColumn(key) ? aboutOf(key) : key} holds for ${name}`;
}

const goneWords = (key: string): string =>
  SPLIT_KEYS.includes(key) ? 'how rows are dealt is decided anew' : `${key} is decided anew`;
/** How rows are dealt and by what are one decision. */
const goneKeys = (key: string): string[] => (SPLIT_KEYS.includes(key) ? SPLIT_KEYS : [key]);

function missingTarget(
  { column, text }: { column: Pick<TableColumn, 'name' | 'key'>; text: string },
  concerned: readonly Inherited[],
  { like, now }: { like: readonly LikeColumn[]; now: Table },
): Question {
  const others = like.map((each) => isAnother(column, concerned, each));
  const known = new Set(like.map(({ column: { name } }) => name));
  const candidates = otherTargets(now, known, column.name);
  const asked = question('target', text, [...others, ...candidates]);
  return like[0]?.isLikely === true ? asked : unsafe(asked);
}

/** What was decided of another target does not hold for this one. */
const OF_TARGET = ['problem', 'metric', 'threshold'];

function otherTargets({ candidates, columns }: Table, known: ReadonlySet<string>, former: string): Choice[] {
  const key = (name: string) => columns.find((column) => column.name === name)?.key;
  return candidates
    .filter((name) => name !== former && !known.has(name))
    .map((name) => ({
      answer: name,
      consequence: `${name} is predicted instead; the kind of prediction and its metric are decided anew`,
      effects: [
        { key: 'target', to: { key: 'target', value: name } },
        ...dropped([...OF_TARGET, `column.${key(name)}.use`]),
      ],
    }));
}

/** A target that every row has alike, or that no row has. */
export function constantTarget({ now }: Asking, target: TableColumn): Question | null {
  if (!isConstant(target)) return null;
  const text = `The target ${target.name} has no two values in the new table, so that nothing can be learned`;
  return unsafe(question('target', text, otherTargets(now, new Set(), target.name)));
}

/** Classes that were there to learn from and are not now. */
export function lostClasses({ ledger, former }: Asking, target: TableColumn): Question | null {
  const before = former.columns.find(({ key, name }) => name === target.name || key === target.key);
  if (!before || isConstant(target) || isNumeric(before) || ledger.get('problem')?.value === 'regression')
    return null;
  const [were, are] = [allValues(before), allValues(target)];
  const lost = were && are ? were.filter((value) => !are.includes(value)) : [];
  const fewer = (before.distinct ?? 0) - (target.distinct ?? 0);
  if (lost.length === 0 && fewer <= 0) return null;
  const what =
    lost.length > 0
      ? `has no ${listed(lost)} any more`
      : `has ${target.distinct} classes, and had ${before.distinct}`;
  const never = lost.length > 0 ? `${listed(lost)} is never predicted` : 'the others are never predicted';
  const isOther = doesNotFit(ledger.get('problem')?.value, target);
  const goOn: Choice = {
    answer: 'go_on',
    consequence: sentences([
      `the model learns the ${target.distinct} classes that are there`,
      never,
      ...(isOther ? ['the kind of prediction is decided anew'] : []),
    ]),
    effects: dropped(isOther ? ['problem'] : []),
  };
  return question('target.classes', `The target ${target.name} ${what}`, [goOn]);
}

const MOST_LISTED = 5;
const listed = (values: readonly string[]): string => values.slice(0, MOST_LISTED).join(', ');

/** A kind of prediction that the target's values do not allow. */
export function otherProblem({ ledger }: Asking, target: TableColumn): Question | null {
  const problem = ledger.get('problem')?.value;
  if (!doesNotFit(problem, target)) return null;
  const found = `${target.distinct} values, ${target.kind_words ?? target.type}`;
  const text = `The target ${target.name} is no ${String(problem)} target any more: ${found}`;
  const anew: Choice = {
    answer: ANEW,
    consequence: 'the kind of prediction and its metric are decided anew from the values',
    effects: dropped(OF_TARGET),
  };
  return question('problem', text, [anew]);
}

function doesNotFit(problem: unknown, { distinct = 0, ...target }: TableColumn): boolean {
  if (distinct < 2) return false;
  if (problem === 'regression')
    return !isNumeric({ ...target, distinct }) && frequent(target).every(isNoNumber);
  if (problem === 'binary') return distinct > 2;
  return problem === 'multiclass' && distinct === 2;
}

const isNoNumber = (text: string): boolean => !/\p{N}/u.test(text);

/** A kind that most of the column's frequent values are not of. Any value can be a text or a category. */
export function otherKind(
  { now }: Asking,
  { key, value }: Inherited,
  column: TableColumn | undefined,
): Question | null {
  const values = column ? frequent(column) : [];
  if (!column || value !== 'number' || isNumeric(column)) return null;
  const strays = values.filter(isNoNumber);
  if (strays.length * 2 < values.length || values.length === 0 || now.columns.length === 0) return null;
  const choices: Choice[] = [
    {
      answer: 'as_it_is',
      consequence: `${column.name} is read as what its cells are: ${column.kind_words ?? column.type}`,
      effects: dropped([key]),
    },
    { answer: 'keep', consequence: 'cells that hold no number count as missing', effects: [] },
  ];
  return question(key, `${column.name} is decided to be a number, and holds ${listed(strays)}`, choices);
}

/** A column by which rows are dealt and which is the same in every row. */
export function constantSplit({ ledger }: Asking, column: TableColumn): Question | null {
  if (!isConstant(column)) return null;
  const isNumber = ledger.get('problem')?.value === 'regression';
  const choices: Choice[] = [
    { answer: ANEW, consequence: 'how rows are dealt is decided anew', effects: dropped(SPLIT_KEYS) },
    {
      answer: 'one_by_one',
      consequence: 'rows are dealt one by one, also those that belong together',
      effects: [
        { key: 'split.by', to: { key: 'split.by', value: null } },
        { key: 'split.strategy', to: { key: 'split.strategy', value: isNumber ? 'random' : 'stratified' } },
      ],
    },
  ];
  return question(
    'split.by',
    `Rows are dealt by ${column.name}, which is the same in every row now`,
    choices,
  );
}

/** Anything else that the new table does not allow. */
export function notPossible({ ledger }: Asking, key: string, why: string): Question | null {
  if (!ledger.has(key)) return null;
  const keys = SPLIT_KEYS.includes(key) ? SPLIT_KEYS : [key];
  const anew: Choice = {
    answer: ANEW,
    consequence: `${keys.join(' and ')} is decided anew`,
    effects: dropped(keys),
  };
  return question(key, why.replace(/\.$/, ''), [anew]);
}

/** A file of its own to judge on, of which none has come. */
export function missingTestFile({ ledger, now }: Asking): Question | null {
  const file = ledger.get('split.test_file')?.value;
  if (typeof file !== 'string' || now.files.slice(1).includes(file)) return null;
  const [, other] = now.files;
  const cut: Choice = {
    answer: 'cut',
    consequence: 'the test is cut from the table; how is decided anew',
    effects: dropped(['split.test_file', ...SPLIT_KEYS]),
  };
  if (other === undefined)
    return question('split.test_file', `The model was judged on ${file}, and no file for it has come`, [cut]);
  const take: Choice = {
    answer: other,
    consequence: `the model is judged on ${other}`,
    effects: renamedFile(ledger, file, other),
  };
  return question('split.test_file', `The model was judged on ${file}; the second file is ${other}`, [
    take,
    cut,
  ]);
}

function renamedFile(ledger: InheritedLedger, from: string, to: string): Effect[] {
  return ['split.test_file', 'split.by']
    .filter((key) => ledger.get(key)?.value === from)
    .map((key) => ({ key, to: { key, value: to } }));
}
