/**
 * A vocabulary: the terms that columns are given, as a tree, with the frame of its leaves and what was found amiss.
 *
 * 1. Of terms with one code the first counts; a vocabulary with an error is not used.
 * 2. The tree comes from the parents' codes, else from the dots of the codes; nodes that are missing are made.
 * 3. A deprecated term is none.
 */

import { isProtected } from '../../core/classification/sensitivity.ts';
import { type Frame, frameOf } from '../../core/evidence/frame.ts';
import { wordsKey } from '../names/tokens.ts';
import { readRecords, type TermRecord, type VocabularyForm } from './forms.ts';
import { VocabularyError } from './vocabulary-error.ts';

export interface Term extends Omit<TermRecord, 'line' | 'isDeprecated'> {
  /** Stands in no file: the tree needed it. */
  isMade: boolean;
}

export interface Finding {
  kind: 'duplicate_code' | 'label_collision' | 'orphaned_alias' | 'cycle';
  /** With an error the vocabulary cannot be used. */
  level: 'error' | 'warning';
  line: number;
  message: string;
}

export interface Vocabulary {
  form: VocabularyForm;
  /** By code, leaves and inner nodes. */
  terms: ReadonlyMap<string, Term>;
  frame: Frame;
  findings: readonly Finding[];
}

const MOST_LEVELS = 64;

/** @throws VocabularyError where it cannot be read, or has an error */
export function readVocabulary(text: string): Vocabulary {
  const { form, records } = readRecords(text);
  const used = records.filter(({ isDeprecated }) => !isDeprecated);
  if (used.length === 0) throw new VocabularyError('Every term in it is deprecated.');
  const findings = [
    ...duplicates(used),
    ...cycles(used),
    ...labelCollisions(used),
    ...orphanedAliases(records),
  ];
  const error = findings.find(({ level }) => level === 'error');
  if (error) throw new VocabularyError(error.message, error.line);
  const terms = withMadeNodes(used);
  checkDepth(terms);
  const frame = frameOf([...terms.values()].map(({ code, parent }) => ({ code, parent })));
  return { form, terms, frame, findings };
}

/** Labels from the topmost node to the term itself. */
export function pathOf({ terms }: Vocabulary, code: string): string[] {
  const path: string[] = [];
  for (let term = terms.get(code); term !== undefined; term = terms.get(term.parent ?? ''))
    path.unshift(term.label);
  return path;
}

/** What a term names is not for all eyes. */
export const isSensitive = ({ terms }: Vocabulary, code: string): boolean =>
  isProtected(terms.get(code)?.sensitivity ?? null);

/** The label of a code, or itself. */
export const labelOf = ({ terms }: Vocabulary, code: string): string => terms.get(code)?.label ?? code;

const parentOf = ({ code, parent }: Pick<TermRecord, 'code' | 'parent'>): string | null => {
  if (parent !== null) return parent;
  const dot = code.lastIndexOf('.');
  return dot > 0 ? code.slice(0, dot) : null;
};

function withMadeNodes(records: readonly TermRecord[]): Map<string, Term> {
  const terms = new Map<string, Term>();
  for (const { line: _line, isDeprecated: _isDeprecated, ...record } of records)
    terms.set(record.code, { ...record, parent: parentOf(record), isMade: false });
  for (const term of [...terms.values()])
    for (let code = term.parent; code !== null && !terms.has(code); code = terms.get(code)?.parent ?? null)
      terms.set(code, madeNode(code));
  return terms;
}

/** @throws VocabularyError for a term that has too many above it: what walks up would take its time */
function checkDepth(terms: ReadonlyMap<string, Term>): void {
  for (const { code, parent } of terms.values()) {
    let above = parent;
    for (let levels = 0; levels < MOST_LEVELS && above !== null; levels += 1)
      above = terms.get(above)?.parent ?? null;
    if (above !== null)
      throw new VocabularyError(`The term ${code} is below ${MOST_LEVELS} others; it can be below fewer.`);
  }
}

const madeNode = (code: string): Term => ({
  ...{ code, label: code.slice(code.lastIndexOf('.') + 1).replaceAll('_', ' ') || code },
  parent: parentOf({ code, parent: null }),
  ...{ notation: null, abbreviations: [], description: '', commonNames: [], sensitivity: null },
  isMade: true,
});

function duplicates(records: readonly TermRecord[]): Finding[] {
  const first = new Map<string, number>();
  return records.flatMap(({ code, line }): Finding[] => {
    const before = first.get(code);
    if (before === undefined) first.set(code, line);
    const message = `The code ${code} stands in line ${before} already.`;
    return before === undefined ? [] : [{ kind: 'duplicate_code', level: 'error', line, message }];
  });
}

/** One finding a circle, at its first line: each term is visited once. */
function cycles(records: readonly TermRecord[]): Finding[] {
  const byCode = new Map(records.map((record) => [record.code, record]));
  const done = new Set<string>();
  return records.flatMap((record): Finding[] => {
    const path = new Set<string>();
    let at: TermRecord | undefined = record;
    while (at !== undefined && !done.has(at.code) && !path.has(at.code)) {
      path.add(at.code);
      at = byCode.get(parentOf(at) ?? '');
    }
    const circle = at !== undefined && path.has(at.code) ? [...path].slice([...path].indexOf(at.code)) : [];
    for (const code of path) done.add(code);
    if (circle.length === 0) return [];
    const message = `These terms are above each other: ${circle.slice(0, 10).join(', ')}.`;
    return [{ kind: 'cycle', level: 'error', line: record.line, message }];
  });
}

function labelCollisions(records: readonly TermRecord[]): Finding[] {
  const first = new Map<string, TermRecord>();
  return records.flatMap((record): Finding[] => {
    const key = wordsKey(record.label);
    const before = first.get(key);
    if (before === undefined) first.set(key, record);
    if (before === undefined || key === '') return [];
    const message = `${record.code} and ${before.code} have one label, ${record.label}: a name cannot tell them apart.`;
    return [{ kind: 'label_collision', level: 'warning', line: record.line, message }];
  });
}

/** Names that lead to no term: without a letter or digit, or of a deprecated term alone. */
function orphanedAliases(records: readonly TermRecord[]): Finding[] {
  const living = new Set(
    records.flatMap((record) =>
      record.isDeprecated ? [] : [record.label, ...aliasesOf(record)].map(wordsKey),
    ),
  );
  return records.flatMap((record) =>
    aliasesOf(record)
      .filter((alias) => wordsKey(alias) === '' || (record.isDeprecated && !living.has(wordsKey(alias))))
      .map((alias): Finding => {
        const why = record.isDeprecated ? 'is deprecated' : 'has it without a letter or digit';
        const message = `The name ${JSON.stringify(alias)} leads to no term: ${record.code} ${why}.`;
        return { kind: 'orphaned_alias', level: 'warning', line: record.line, message };
      }),
  );
}

const aliasesOf = ({ commonNames, abbreviations }: TermRecord): string[] => [
  ...commonNames,
  ...abbreviations,
];
