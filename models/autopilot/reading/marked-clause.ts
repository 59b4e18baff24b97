/** A clause with a mark where each column stands; words, numbers with signs and what is quoted stay as written. */

import { columnAt, type Named, type Token } from './columns-named.ts';

/** Stands for a column. */
export const SLOT = '§';

export interface MarkedClause {
  text: string;
  /** Its columns, in their order. */
  columns: readonly string[];
  tokens: readonly Token[];
  /** Where each token begins in `text`; tokens of one column begin together. */
  starts: readonly number[];
}

/** The clause as it was meant: slips of the hand are put right, what is written otherwise stays as it is. */
export function markedClause(tokens: readonly Token[], named: Named): MarkedClause {
  const plain = named.text.replace(/n['’]t\b/gi, 'nt ').replaceAll(SLOT, ' ');
  const columns: string[] = [];
  const starts: number[] = [];
  let text = '';
  let end = 0;
  for (let place = 0; place < tokens.length; ) {
    const column = columnAt(tokens, place, named);
    const next = column?.end ?? place + 1;
    text += plain.slice(end, tokens[place]?.from).replace(/\s+/g, ' ');
    for (let at = place; at < next; at += 1) starts[at] = text.length;
    text += column === null ? wordAt(tokens[place], plain) : SLOT;
    if (column !== null) columns.push(column.name);
    end = Math.max(end, tokens[next - 1]?.to ?? end);
    place = next;
  }
  return { text: text + plain.slice(end), columns: [...new Set(columns)], tokens, starts };
}

function wordAt(token: Token | undefined, plain: string): string {
  const written = plain.slice(token?.from, token?.to);
  return written.toLowerCase() === token?.word ? written : (token?.word ?? '');
}

/** The tokens that lie in none of the parts of the text, without those of columns. */
export function tokensBeside(
  { text, tokens, starts }: MarkedClause,
  parts: readonly { from: number; to: number }[],
): Token[] {
  return tokens.filter((_token, at) => {
    const start = starts[at] ?? 0;
    return text[start] !== SLOT && !parts.some(({ from, to }) => from <= start && start < to);
  });
}
