/** Reads one clause as an order: what it wants, or what stops it. What is stopped changes nothing. */

import { NEVER_COLUMNS } from '../vocabulary/columns.ts';
import { BEING_DONE, FORMS } from '../vocabulary/forms.ts';
import { type Clause, changesSomething, isStopped, NOTHING } from './clause.ts';
import { readColumns } from './clause-columns.ts';
import { readDetails } from './clause-details.ts';
import { effortIn, readModel, unreadModel } from './clause-model.ts';
import { readRevoked } from './clause-revoked.ts';
import { isOfRows, readRows } from './clause-rows.ts';
import { isUndo, readShort } from './clause-short.ts';
import { stopOf } from './clause-stops.ts';
import { readTarget } from './clause-target.ts';
import { columnsMeant } from './columns-meant.ts';
import { type ColumnNames, type Named, type Token, tokensOf } from './columns-named.ts';
import { findMetric, mentionsMetric, namesSeveral } from './metrics-named.ts';
import { ordersColumns, withPronouns } from './pronouns.ts';
import { sameTokens } from './spelling.ts';

export interface Wording {
  text: string;
  /**
   * Polite and supposed orders have their verbs in other forms, or say what would be done to a column ("if age was
   * dropped"); to suppose something naming it is enough.
   */
  form: 'plain' | 'polite' | 'supposed' | 'supposed of';
}

const BASE = new Map(FORMS.map((pair) => pair.split(' ') as [string, string]));
const BEING = new Map(BEING_DONE.map((word) => [word, 'be']));
const NO_COLUMN = new Set(NEVER_COLUMNS);

/** @param before columns that the sentence has named so far, which "it" may mean */
export function readOrder(
  { text, form }: Wording,
  { columns, before }: { columns: ColumnNames; before: readonly string[] },
): Clause {
  const named = { columns, text };
  const written = inBaseForm(columns.tokens(text), form, columns);
  const effort = effortIn(written);
  if (effort !== null) return { ...NOTHING, text, kind: 'less_or_more', effort };
  const revoked = isUndo(written) ? null : readRevoked(written, named);
  if (revoked !== null) return taken(revoked, text);
  const pronouns = isUndo(written)
    ? { tokens: written, ambiguous: null }
    : withPronouns(written, named, before);
  const { tokens, ambiguous, meant } = columnsMeant(pronouns.tokens, named);
  const details = readDetails(tokens, named, { supposed: isSupposed(form) });
  if (details !== null) return { ...details, meant };
  const clause: Clause = { ...NOTHING, text, meant, ambiguous: ambiguous ?? pronouns.ambiguous };
  const short = readShort(clause, tokens, named);
  if (!short && clause.ambiguous === null) readColumns(clause, tokens, named);
  readTarget(clause, tokens, named);
  const free = withoutColumns(tokens, clause, named);
  const words = wordsOf(free, text);
  clause.metric = findMetric(words);
  readModel(clause, free, { supposed: isSupposed(form) });
  readRows(clause, tokens, named);
  if (isOfRows(clause)) return settledRows(clause, tokens, { named, form });
  readNoColumn(clause);
  if (namesSeveral(words)) clause.unfollowed ??= 'metrics';
  else if (!changesSomething(clause) && form === 'plain' && mentionsMetric(words))
    clause.unfollowed ??= 'metric';
  return settled(clause, tokens, { named, form });
}

/** A clause about rows and kinds, in which nothing else is ordered; a word that is not known stops it, too. */
function settledRows(
  { text, meant, ambiguous, split, kinds, repeats }: Clause,
  tokens: readonly Token[],
  { named, form }: { named: Named; form: Wording['form'] },
): Clause {
  const { unknown, condition } = stopOf(tokens, named, new Set(named.columns.names));
  const isStopping = !isSupposed(form) && (ambiguous ?? unknown ?? condition) !== null;
  if (isStopping) return { ...NOTHING, text, kind: 'order', meant, ambiguous, unknown, condition };
  return { ...NOTHING, text, kind: 'order', meant, split, kinds, repeats };
}

/** The clause that takes back what was said of something; one that is stopped keeps only why. */
const taken = ({ revoked, unknown }: Pick<Clause, 'revoked' | 'unknown'>, text: string): Clause =>
  unknown === null
    ? { ...NOTHING, text, kind: 'correction', revoked }
    : { ...NOTHING, text, kind: 'order', unknown };

const isSupposed = (form: Wording['form']): boolean => form === 'supposed' || form === 'supposed of';

function inBaseForm(tokens: readonly Token[], form: Wording['form'], columns: ColumnNames): readonly Token[] {
  if (form === 'plain') return tokens;
  const forms = form === 'supposed of' ? BEING : BASE;
  const based = tokens.map((token) => {
    const word = columns.hasWord(token.word) ? undefined : forms.get(token.word);
    return word === undefined ? token : { ...token, word };
  });
  return sameTokens(tokens, based);
}

/** The columns of which the clause orders something. */
function readIn({ excluded, included, only, target, swap }: Clause): ReadonlySet<string> {
  const others = [target, swap?.from, swap?.to].flatMap((name) => name ?? []);
  return new Set([...excluded, ...included, ...only, ...others]);
}

/** The tokens without those of columns that are read already: what is named like a measure may be a column. */
function withoutColumns(tokens: readonly Token[], clause: Clause, named: Named): Token[] {
  const read = readIn(clause);
  const free: Token[] = [];
  for (let place = 0; place < tokens.length; ) {
    const column = named.columns.at(tokens, place, named.text);
    const end = column?.end ?? place + 1;
    if (column === null || !read.has(column.name)) free.push(...tokens.slice(place, end));
    place = end;
  }
  return free;
}

/** The words as they were meant, with the marks between them. */
function wordsOf(tokens: readonly Token[], text: string): string {
  const pieces = tokens.map(({ word, to }, place) => {
    const next = tokens[place + 1]?.from ?? text.length;
    return `${word}${text.slice(to, next).replace(/[\p{L}\p{N}]+/gu, '') || ' '}`;
  });
  return pieces.join('');
}

/** "Do not use boosting" and "do not use log loss" name no column, known or not. */
function readNoColumn(clause: Clause): void {
  const { unknownColumn, withoutModels, model } = clause;
  if (unknownColumn === null || clause.excluded.length + clause.included.length > 0) return;
  if (withoutModels.length > 0 || model !== null || clause.unknownModel !== null) clause.unknownColumn = null;
  else if (clause.metric !== null) clause.unknownColumn = null;
  else if (findMetric(unknownColumn) !== null) clause.unfollowed = 'metric';
  else if (tokensOf(unknownColumn).some(({ word }) => NO_COLUMN.has(word)))
    Object.assign(clause, { unknownColumn: null, unknown: unknownColumn });
}

/** What a person tells of a target is often prose: it is followed, and the first words that are not known are named. */
function asideIn(tokens: readonly Token[], named: Named): string | null {
  const { unknown, condition } = stopOf(tokens, named, new Set(named.columns.names));
  return unknown ?? condition;
}

function stop(clause: Clause, tokens: readonly Token[], named: Named): void {
  Object.assign(clause, stopOf(tokens, named, readIn(clause)));
  clause.unknown ??= unreadModel(clause, withoutColumns(tokens, clause, named));
}

/** The clause with its kind; one that is stopped keeps only why. */
function settled(
  clause: Clause,
  tokens: readonly Token[],
  { named, form }: { named: Named; form: Wording['form'] },
): Clause {
  const { text, meant, unfollowed } = clause;
  if (unfollowed !== null) return { ...NOTHING, text, kind: 'order', unfollowed };
  const changes = changesSomething(clause);
  const onlyTarget =
    changes && clause.target !== null && clause.excluded.length + clause.included.length === 0;
  if (changes && !isSupposed(form)) {
    if (onlyTarget) clause.aside = asideIn(tokens, named);
    else stop(clause, tokens, named);
  }
  if (isStopped(clause) && (changes || clause.unknownColumn !== null || ordersColumns(tokens))) {
    const { ambiguous, unknownColumn, unknown, condition } = clause;
    return { ...NOTHING, text, kind: 'order', meant, ambiguous, unknownColumn, unknown, condition };
  }
  clause.ambiguous = null;
  const known = changes || clause.ofRows || clause.unknownTarget || clause.unknownModel !== null;
  return { ...clause, kind: known ? 'order' : 'unclear' };
}
