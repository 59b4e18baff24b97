/**
 * The two forms of a vocabulary, as CSV or JSON, read to the same records.
 *
 * tree   code, label, parent_code, notation, abbrev, description, common_names, sensitivity
 * flat   id, ontology, annotation, definition, common_names, specifics, deprecated, columns that begin with
 * "sensitivity"
 *
 * Several names in one cell are parted by | or ; (in JSON they may be a list).
 */

import type { VOCABULARY_MODES } from '../../core/classification/records.ts';
import { headOf, lawfulText } from '../../core/lawful-text.ts';
import { readCsv } from './csv.ts';
import { VocabularyError } from './vocabulary-error.ts';

export type VocabularyForm = (typeof VOCABULARY_MODES)[number];

/** One term as its file has it. */
export interface TermRecord {
  /** Of the file; in JSON the number of the term. */
  line: number;
  code: string;
  label: string;
  /** null: none is given, and the dots of the code say it. */
  parent: string | null;
  notation: string | null;
  abbreviations: string[];
  description: string;
  commonNames: string[];
  sensitivity: string | null;
  /** No column is given it any more. */
  isDeprecated: boolean;
}

const MOST_TERMS = 20_000;
const LONGEST_CELL = 4_000;
const LONGEST_CODE = 200;

type Fields = ReadonlyMap<string, string>;
interface Row {
  line: number;
  fields: Fields;
}

/** @throws VocabularyError, with the line, for what is no vocabulary in one of the forms */
export function readRecords(text: string): { form: VocabularyForm; records: TermRecord[] } {
  const plain = lawfulText(text.replace(/^\ufeff/, ''));
  const rows = /^\s*[[{]/.test(plain) ? rowsOfJson(plain) : rowsOfCsv(plain);
  if (rows.length === 0) throw new VocabularyError('There is no term in it.');
  if (rows.length > MOST_TERMS)
    throw new VocabularyError(`It has ${rows.length} terms; ${MOST_TERMS} can be used.`);
  const form = formOf(rows);
  return { form, records: rows.map(form === 'tree' ? treeRecord : flatRecord) };
}

function rowsOfCsv(text: string): Row[] {
  const [head, ...rest] = readCsv(text);
  if (head === undefined) return [];
  const names = head.cells.map((name) => name.trim().toLowerCase());
  return rest.map(({ line, cells }) => {
    if (cells.length > names.length)
      throw new VocabularyError(
        `It has ${cells.length} cells under ${names.length} names; put what holds a comma into quotes.`,
        line,
      );
    return { line, fields: new Map(names.map((name, at) => [name, headOf(cells[at] ?? '', LONGEST_CELL)])) };
  });
}

function rowsOfJson(text: string): Row[] {
  const parsed = parseJson(text);
  const list = isRecord(parsed) ? parsed.terms : parsed;
  if (!Array.isArray(list)) throw new VocabularyError('It is JSON, but no list of terms.');
  return list.map((item: unknown, at) => {
    if (!isRecord(item)) throw new VocabularyError('Here is no term, but something else.', at + 1);
    const fields = Object.entries(item).map(([name, value]): [string, string] => [
      name.toLowerCase(),
      headOf(cellOf(value), LONGEST_CELL),
    ]);
    return { line: at + 1, fields: new Map(fields) };
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const place = Number(/position (\d+)/.exec(String(error))?.[1] ?? Number.NaN);
    const line = Number.isNaN(place) ? null : text.slice(0, place).split('\n').length;
    throw new VocabularyError('It begins as JSON and cannot be read as such.', line);
  }
}

const cellOf = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(cellOf).join('|');
  return typeof value === 'object' ? '' : String(value);
};

/** By the columns that a form cannot do without; null: it is none. */
export function formOfColumns(names: ReadonlySet<string>): VocabularyForm | null {
  if (names.has('code') && names.has('label')) return 'tree';
  return names.has('id') && (names.has('annotation') || names.has('ontology')) ? 'flat' : null;
}

function formOf(rows: readonly Row[]): VocabularyForm {
  const names = new Set(rows.flatMap(({ fields }) => [...fields.keys()]));
  const form = formOfColumns(names);
  if (form !== null) return form;
  const found = [...names].slice(0, 12).join(', ');
  throw new VocabularyError(
    `It has neither the columns code and label nor the columns id and annotation; it has: ${found}.`,
    1,
  );
}

function treeRecord({ line, fields }: Row): TermRecord {
  const code = codeIn(fields, 'code', line);
  return {
    ...{ line, code, label: field(fields, 'label') || code },
    parent: field(fields, 'parent_code') || null,
    notation: field(fields, 'notation') || null,
    abbreviations: listIn(fields, 'abbrev'),
    description: field(fields, 'description'),
    commonNames: listIn(fields, 'common_names'),
    sensitivity: field(fields, 'sensitivity') || null,
    isDeprecated: false,
  };
}

function flatRecord({ line, fields }: Row): TermRecord {
  const code = codeIn(fields, 'id', line);
  const isDotted = code.includes('.');
  return {
    ...{ line, code, label: field(fields, 'annotation') || code },
    // a code without dots says nothing of where it belongs; the ontology that it is of does
    parent: isDotted ? null : field(fields, 'ontology') || null,
    notation: null,
    abbreviations: [],
    description: [field(fields, 'definition'), field(fields, 'specifics')].filter(Boolean).join(' '),
    commonNames: listIn(fields, 'common_names'),
    sensitivity: sensitivityOf(fields),
    isDeprecated: isYes(field(fields, 'deprecated')),
  };
}

/** The columns of sensitivity that say something, with their names where they only say yes. */
function sensitivityOf(fields: Fields): string | null {
  const found = [...fields].flatMap(([name, value]) => {
    const cell = value.trim();
    if (!name.startsWith('sensitiv') || cell === '' || /^(?:no|n|false|0|none)$/i.test(cell)) return [];
    return [isYes(cell) ? name.replace(/^sensitiv\w*?_/, '') : cell];
  });
  return found.length > 0 ? [...new Set(found)].join(', ') : null;
}

function codeIn(fields: Fields, name: string, line: number): string {
  const code = field(fields, name);
  if (code === '') throw new VocabularyError(`The term has no ${name}.`, line);
  if (code.length > LONGEST_CODE)
    throw new VocabularyError(`The ${name} has more than ${LONGEST_CODE} characters.`, line);
  return code;
}

const field = (fields: Fields, name: string): string => (fields.get(name) ?? '').trim();

const listIn = (fields: Fields, name: string): string[] =>
  field(fields, name)
    .split(/[|;]/)
    .map((each) => each.trim())
    .filter((each) => each !== '');

const isYes = (cell: string): boolean => /^(?:yes|y|true|1|x)$/i.test(cell);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
