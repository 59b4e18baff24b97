/**
 * What Microsoft Presidio and DataProfiler find in the same columns, judged generously: a kind of theirs is right where
 * the label is any of the terms that `peers/entities.csv` gives it. They read no headers. Their environment is made
 * below build/ by `peers/requirements.lock`; it has 3 GB.
 */

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Classifier } from '../../classification/classifier.ts';
import { readCsvRecords } from '../../classification/vocabulary/csv.ts';
import { lockedPython } from '../environment.ts';
import { type LabelledTable, withoutHeaders } from './tables.ts';

const FOLDER = join('bench', 'classification');
/** Values of a column that all readers get: Presidio takes some hundredths of a second for each. */
const MOST_VALUES = 20;

export interface ReaderFigures {
  columns: number;
  microF1: number;
  /** A column that no term fits is right without a kind. */
  accuracy: number;
  columnsASecond: number;
}

const AnswerSchema = z.record(
  z.string(),
  z.object({ kinds: z.array(z.string().nullable()), seconds: z.number() }),
);

interface Asked {
  label: string | null;
  values: string[];
}

/** By reader, ours with headers and without them among them. */
export async function peerFigures(
  classifier: Classifier,
  tables: readonly LabelledTable[],
  python: string,
): Promise<Record<string, ReaderFigures>> {
  const some = tables.map(withFewValues);
  const asked = some.flatMap(({ columns }) =>
    columns.flatMap(({ sample, label }): Asked[] =>
      label === null ? [] : [{ label: label.code, values: [...sample.values] }],
    ),
  );
  const answer = await answerOf(asked, python);
  const termsOf = termsOfKinds();
  const others = Object.entries(answer).map(([reader, { kinds, seconds }]): [string, ReaderFigures] => [
    reader,
    figuresOf(
      asked.map(({ label }, at) => ({ label, found: termsOf(reader, kinds[at] ?? null) })),
      seconds,
    ),
  ]);
  return {
    'tempera, known headers': ours(classifier, some),
    'tempera, hidden headers': ours(classifier, some.map(withoutHeaders)),
    ...Object.fromEntries(others),
  };
}

const withFewValues = (table: LabelledTable): LabelledTable => ({
  ...table,
  columns: table.columns.map(({ sample, ...rest }) => ({
    ...rest,
    sample: { ...sample, values: sample.values.slice(0, MOST_VALUES) },
  })),
});

function ours(classifier: Classifier, tables: readonly LabelledTable[]): ReaderFigures {
  const started = performance.now();
  const results = tables.map(({ columns }) => classifier.classifyTable(columns.map(({ sample }) => sample)));
  const seconds = (performance.now() - started) / 1_000;
  const judged = tables.flatMap(({ columns }, table) =>
    columns.flatMap(({ label }, at): Judged[] => {
      const predicted = results[table]?.[at]?.decision.predicted ?? null;
      return label === null ? [] : [{ label: label.code, found: predicted === null ? null : [predicted] }];
    }),
  );
  return figuresOf(judged, seconds);
}

interface Judged {
  label: string | null;
  /** Terms that the answer stands for; null: none. */
  found: readonly string[] | null;
}

function figuresOf(judged: readonly Judged[], seconds: number): ReaderFigures {
  const isHit = ({ label, found }: Judged): boolean => label !== null && found?.includes(label) === true;
  const hits = judged.filter(isHit).length;
  const answered = judged.filter(({ found }) => found !== null).length;
  const labelled = judged.filter(({ label }) => label !== null).length;
  const left = judged.filter(({ label, found }) => label === null && found === null).length;
  return {
    columns: judged.length,
    microF1: (2 * hits) / (answered + labelled),
    accuracy: (hits + left) / judged.length,
    columnsASecond: judged.length / seconds,
  };
}

/** A kind that stands for no term of the vocabulary is an answer all the same, and a wrong one. */
function termsOfKinds(): (reader: string, kind: string | null) => string[] | null {
  const rows = readCsvRecords(readFileSync(join(FOLDER, 'peers', 'entities.csv'), 'utf8'));
  const terms = new Map(
    rows.map(({ reader, entity, codes = '' }) => [`${reader}.${entity}`, codes.split('|')]),
  );
  return (reader, kind) => (kind === null ? null : (terms.get(`${reader}.${kind}`) ?? []));
}

async function answerOf(asked: readonly Asked[], python: string): Promise<z.infer<typeof AnswerSchema>> {
  const program = await lockedPython('peers', join(FOLDER, 'peers', 'requirements.lock'), python);
  const folder = mkdtempSync(join(tmpdir(), 'tempera-bench-classification-'));
  const file = join(folder, 'columns.json');
  writeFileSync(file, JSON.stringify(asked.map(({ values }) => values)));
  const words = [join(FOLDER, 'peers.py'), '--columns', file];
  const { stdout } = await promisify(execFile)(program, words, { maxBuffer: 64 * 1024 * 1024 }).finally(() =>
    rmSync(folder, { recursive: true, force: true }),
  );
  return AnswerSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}
