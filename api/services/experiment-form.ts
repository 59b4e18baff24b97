/** The form of a new experiment: fields and files in any order, each file streamed on as it comes. */

import type { Multipart, MultipartFile } from '@fastify/multipart';
import { TemperaError } from '../../core/errors.ts';
import type { DatasetFile } from '../../core/records.ts';
import { datasetKey } from '../../storage/keys.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { unlawful } from '../http/lawful-input.ts';
import { parseInput } from '../http/zod-provider.ts';
import { type ExperimentFields, ExperimentFieldsSchema } from '../schemas.ts';
import { datasetFileName, type Scratch, storeFile } from './dataset-files.ts';

export interface ExperimentForm {
  files: DatasetFile[];
  fields: ExperimentFields;
}

/**
 * Stores the files under the experiment's id and reads the fields.
 * @throws TemperaError INVALID_INPUT, and what storeFile refuses with
 */
export async function readExperimentForm(
  { store, settings }: ApiDependencies,
  scratch: Scratch,
  { id, parts }: { id: string; parts: AsyncIterable<Multipart> },
): Promise<ExperimentForm> {
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
  const fields = parseInput(ExperimentFieldsSchema, Object.fromEntries(values), 'form');
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

/** Lists come as JSON or with commas; an empty field is as if it were not there. */
function fieldValue(name: string, value: unknown): unknown {
  if (value === '') return undefined;
  if (name !== 'excluded_columns' || typeof value !== 'string') return value;
  try {
    const list: unknown = JSON.parse(value);
    if (Array.isArray(list)) return list;
  } catch {
    // not JSON: commas
  }
  return value.split(',').map((column) => column.trim());
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
