/** A form with a table: fields and files in any order, each file streamed on as it comes. */

import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { z } from 'zod';
import { TemperaError } from '../../core/errors.ts';
import type { DatasetFile } from '../../core/records.ts';
import { datasetKey } from '../../storage/keys.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { unlawful } from '../http/lawful-input.ts';
import { parseInput } from '../http/zod-provider.ts';
import { datasetFileName, type Scratch, storeFile } from './dataset-files.ts';

export interface TableForm<Fields> {
  /** The table first, then an own test file. */
  files: DatasetFile[];
  fields: Fields;
}

interface FormRequest<Schema> {
  /** Of the experiment that is to have the files. */
  id: string;
  parts: AsyncIterable<Multipart>;
  schema: Schema;
}

/**
 * Stores the files under the experiment's id and reads the fields.
 * @throws TemperaError INVALID_INPUT, and what storeFile refuses with
 */
export async function readTableForm<Schema extends z.ZodType<{ test_file?: string | undefined }>>(
  { store, settings }: ApiDependencies,
  scratch: Scratch,
  { id, parts, schema }: FormRequest<Schema>,
): Promise<TableForm<z.output<Schema>>> {
  const values = new Map<string, unknown>();
  const files: DatasetFile[] = [];
  for await (const part of parts) {
    if (part.type === 'field') {
      takeField(values, part.fieldname, fieldValue(part.fieldname, asWritten(part.value)));
    } else {
      const name = newName(part, files);
      const target = { scratch, key: datasetKey(id, name), maxBytes: settings.uploadBytes };
      files.push(await storeFile(store, { name, body: part.file }, target));
    }
  }
  const fields = parseInput(schema, Object.fromEntries(values), 'form');
  return { fields, files: tableFirst(files, fields.test_file) };
}

/**
 * A list may come in several fields, as `-F column=a -F column=b` sends it; of anything else a second one is
 * refused.
 */
function takeField(values: Map<string, unknown>, name: string, value: unknown): void {
  const given = values.get(name);
  if (value === undefined) return;
  if (given === undefined) values.set(name, value);
  else if (Array.isArray(given) && Array.isArray(value)) values.set(name, [...given, ...value]);
  else throw unlawful(`form.${name}`, 'is given twice; send it once');
}

/**
 * Forms send each line break as two characters, whoever fills them in. A column's name may hold one, as tables are
 * read: one character.
 */
const asWritten = (value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll('\r\n', '\n') : value;

/** Fields that are no text: their schema says what is wrong with one that is no JSON. */
const OF_JSON: readonly string[] = ['answers', 'dry_run'];

/** Lists come as JSON or with commas; an empty field is as if it were not there. */
function fieldValue(name: string, value: unknown): unknown {
  if (value === '') return undefined;
  if (typeof value !== 'string') return value;
  if (OF_JSON.includes(name)) return asJson(value) ?? value;
  if (name !== 'excluded_columns') return value;
  const list = asJson(value);
  return Array.isArray(list) ? list : value.split(',').map((column) => column.trim());
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // no JSON: the caller takes it as it is
  }
}

function newName(part: MultipartFile, files: DatasetFile[]): string {
  const name = datasetFileName(part.filename);
  if (files.some((file) => file.name === name)) {
    throw new TemperaError('INVALID_INPUT', `Two files are called ${name}. Rename one.`);
  }
  return name;
}

function tableFirst(files: DatasetFile[], testFile: string | undefined): DatasetFile[] {
  if (testFile === undefined) return files;
  if (!files.some((file) => file.name === testFile)) {
    throw new TemperaError(
      'INVALID_INPUT',
      `test_file names ${testFile}, which is not among the files sent.`,
    );
  }
  return [
    ...files.filter((file) => file.name !== testFile),
    ...files.filter((file) => file.name === testFile),
  ];
}
