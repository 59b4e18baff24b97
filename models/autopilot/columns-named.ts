/** Which columns a clause names after or before a word, read by words alone: lists, fillers and what ends a list. */

export interface Token {
  /** A word in lower case, or a mark that joins. */
  word: string;
  /** Where it stands in the text. */
  from: number;
  to: number;
}

export interface NamedList {
  names: string[];
  /** Words in the list's place that are no column; null when every one is. */
  unknown: string | null;
  /** True when rows or values are meant, not columns. */
  ofRows: boolean;
}

const TOKEN = /[\p{L}\p{N}]+|[,&+/:;]/gu;
const JOINING = new Set([
  ',',
  '&',
  '+',
  '/',
  ':',
  ';',
  'and',
  'or',
  'nor',
  'plus',
  'then',
  'also',
  'as',
  'well',
]);
const FILLERS = new Set(
  'the a an my our this that these those both all any of out from please column columns feature features field fields variable variables attribute attributes predictor predictors input inputs called named following using use include including taking either'.split(
    ' ',
  ),
);
const ROW_WORDS = new Set(
  'row rows record records line lines entry entries sample samples case cases missing null nulls nan nans blank blanks empty outlier outliers duplicate duplicates repeat repeats value values cell cells zero zeros where noise'.split(
    ' ',
  ),
);
/** Before them a list ends for good: what follows is a reason or a place, not a column. */
const ENDING = new Set(
  'it they because since which who for if when while thanks thank in on by with than about between to is are was were so until before after everything everyone nobody there he she we you i'.split(
    ' ',
  ),
);
/** Words between "leave out" and the first column, such as adjectives. */
const MOST_BETWEEN = 3;

/** The words and joining marks of `text`; "don't" is one word. */
export function tokensOf(text: string): Token[] {
  const plain = text.toLowerCase().replace(/n['’]t\b/g, 'nt ');
  return [...plain.matchAll(TOKEN)].map((found) => ({
    word: found[0],
    from: found.index,
    to: found.index + found[0].length,
  }));
}

/** The longest column whose words begin at `place`, and the place after it. */
export function columnAt(
  tokens: readonly Token[],
  place: number,
  named: { columns: readonly string[]; text: string },
): { name: string; end: number } | null {
  const found = named.columns.flatMap((name) => {
    const end = endOf(tokens, place, tokensOf(name));
    return end === null ? [] : [{ name, end }];
  });
  const points = ({ name, end }: { name: string; end: number }) =>
    2 * end + (named.text.includes(name) ? 1 : 0);
  return found.sort((left, right) => points(right) - points(left))[0] ?? null;
}

function endOf(tokens: readonly Token[], start: number, name: readonly Token[]): number | null {
  let place = start;
  const words = name.filter(({ word }) => isWord(word));
  if (words.length === 0) return null;
  for (const [at, { word }] of words.entries()) {
    while (at > 0 && place < tokens.length && !isWord(tokens[place]?.word ?? '')) place += 1;
    if (tokens[place]?.word !== word) return null;
    place += 1;
  }
  return place;
}

/** Every column named in the clause from `start` up to `end`, in its order. */
export function columnsBetween(
  tokens: readonly Token[],
  range: { start: number; end: number },
  named: { columns: readonly string[]; text: string },
): string[] {
  const names: string[] = [];
  for (let place = range.start; place < range.end; ) {
    const column = columnAt(tokens, place, named);
    if (column !== null && column.end <= range.end && !names.includes(column.name)) names.push(column.name);
    place = column !== null && column.end <= range.end ? column.end : place + 1;
  }
  return names;
}

/** The list of columns that begins after `start`. */
export function listAfter(
  tokens: readonly Token[],
  start: number,
  named: { columns: readonly string[]; text: string },
): NamedList {
  const list: NamedList = { names: [], unknown: null, ofRows: false };
  let unknown: Token[] = [];
  let joined = true;
  for (let place = start; place < tokens.length; ) {
    const token = tokens[place] as Token;
    const column = joined ? columnAt(tokens, place, named) : null;
    if (column !== null) {
      if (list.names.length === 0) unknown = []; // what stood before the first name were its adjectives
      if (!list.names.includes(column.name)) list.names.push(column.name);
      place = column.end;
      joined = false;
      continue;
    }
    place += 1;
    if (JOINING.has(token.word)) {
      joined = true;
      continue;
    }
    if (FILLERS.has(token.word)) continue;
    if (list.names.length === 0 && ROW_WORDS.has(token.word)) return { ...list, ofRows: true };
    if (!joined || ENDING.has(token.word)) break;
    unknown.push(token);
    if (unknown.length > MOST_BETWEEN) break;
  }
  const [first, last] = [unknown[0], unknown.at(-1)];
  return first && last ? { ...list, unknown: named.text.slice(first.from, last.to) } : list;
}

function isWord(word: string): boolean {
  return /[\p{L}\p{N}]/u.test(word);
}
