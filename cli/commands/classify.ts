/**
 * `tempera classify explain`: one column from words on the command line, classified here, with every source's
 * reasons.
 */

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createClassifier } from '../../classification/classifier.ts';
import { MOST_VALUES } from '../../classification/column.ts';
import { explanationOf } from '../../classification/explanation.ts';
import { bundledVocabulary, readKnowledge } from '../../classification/knowledge.ts';
import { readCsv } from '../../classification/vocabulary/csv.ts';
import { readVocabulary, type Vocabulary } from '../../classification/vocabulary/vocabulary.ts';
import { VocabularyError } from '../../classification/vocabulary/vocabulary-error.ts';
import { type Command, type CommandContext, text, type Values } from '../command.ts';
import { usageError } from '../exit-code.ts';
import { classificationAttachmentCommands } from './classification-attachments.ts';
import { classificationReviewCommands } from './classification-review.ts';
import { classificationRunCommands } from './classification-runs.ts';
import { classifyText } from './classify-text.ts';

const MOST_BYTES = 32 * 1024 * 1024;

const explain: Command = {
  name: 'classify explain',
  usage:
    '--name NAME --values VALUE,VALUE [--table TABLE] [--type TYPE] [--siblings NAME,NAME] ' +
    '[--vocabulary FILE] [--json]',
  summary: 'Says which term of a vocabulary a column is, how surely and why, from its name and some values.',
  options: {
    name: { type: 'string' },
    values: { type: 'string' },
    table: { type: 'string' },
    type: { type: 'string' },
    siblings: { type: 'string' },
    vocabulary: { type: 'string' },
  },
  arguments: [0, 0],
  async run({ config, output }: CommandContext, _, values) {
    const sample = {
      name: required(values, 'name', 'the name of the column'),
      values: listOf(required(values, 'values', 'some of its values with commas between them')),
      table: text(values, 'table'),
      type: text(values, 'type'),
      siblings: listOf(text(values, 'siblings') ?? ''),
    };
    if (sample.values.every((value) => value.trim() === ''))
      throw usageError('--values holds no value: each is empty.');
    const folder = join(config.root, 'classification');
    const file = text(values, 'vocabulary');
    const vocabulary = file === undefined ? bundledVocabulary(folder) : vocabularyIn(file);
    const classified = createClassifier(readKnowledge(folder), vocabulary).classify(sample);
    const explanation = explanationOf(vocabulary, classified, { vocabulary: file ?? 'bundled' });
    if (explanation.column.values_left_out > 0)
      output.say(
        `Of the distinct values ${MOST_VALUES} were looked at, ${explanation.column.values_left_out} left out.`,
      );
    output.result(explanation, classifyText(explanation));
    return undefined;
  },
};

function required(values: Values, name: string, what: string): string {
  const given = text(values, name);
  if (given === undefined || given.trim() === '')
    throw usageError(`Give --${name} ${name.toUpperCase()}: ${what}. See: tempera classify explain --help`);
  return given;
}

/** Parted by commas; what holds one stands in quotes. */
function listOf(line: string): string[] {
  if (line === '') return [];
  try {
    return readCsv(line).flatMap(({ cells }) => cells);
  } catch (error) {
    // a quote that does not end is one of the value's own
    if (error instanceof VocabularyError) return line.split(',');
    throw error;
  }
}

function vocabularyIn(file: string): Vocabulary {
  try {
    return readVocabulary(contentOf(file));
  } catch (error) {
    if (error instanceof VocabularyError)
      throw usageError(`The vocabulary ${file} cannot be used. ${error.message}`);
    throw error;
  }
}

function contentOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) throw usageError(`There is no file ${file} to read a vocabulary from.`);
  if (found.size > MOST_BYTES) throw new VocabularyError(`It has more than ${MOST_BYTES / 1024 / 1024} MiB.`);
  return readFileSync(file, 'utf8');
}

export const classifyCommands: Command[] = [
  explain,
  ...classificationRunCommands,
  ...classificationReviewCommands,
  ...classificationAttachmentCommands,
];
