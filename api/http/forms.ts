/** Forms with files: whatever a sender leaves out, cuts off or sends twice is a refusal that names the field. */

import type { Readable } from 'node:stream';
import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { TemperaError } from '../../core/errors.ts';
import { assertLawful, unlawful } from './lawful-input.ts';

/** A file on its way in. */
export interface IncomingFile {
  name: string;
  body: Readable;
  /** Called when the body has been read: refuses what a form holds beside its one file. */
  end?: () => Promise<void>;
}

/**
 * The form's parts in their order; a file's bytes are to be read before the next part. @throws TemperaError
 * INVALID_INPUT
 */
export async function* formParts(request: FastifyRequest): AsyncGenerator<Multipart> {
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') assertField(part.fieldname, part.value);
      yield part;
    }
  } catch (error) {
    throw formProblem(error);
  }
}

/**
 * The only file of a form. @throws TemperaError INVALID_INPUT for a form without one; `end` for one with more than
 * it
 */
export async function onlyFile(request: FastifyRequest): Promise<IncomingFile> {
  const parts = formParts(request);
  const first = await parts.next();
  if (first.done === true) throw unlawful('form.file', 'is missing: send one file');
  if (first.value.type === 'field') throw unexpected(first.value.fieldname);
  return {
    name: first.value.filename,
    body: first.value.file,
    async end() {
      const second = await parts.next();
      if (second.done !== true) throw unexpected(second.value.fieldname);
    },
  };
}

/** What reading a part's bytes failed with, as what it means. */
export function bodyProblem(name: string, error: unknown): unknown {
  if (error instanceof TemperaError) return error;
  const message = `The body ends in the middle of ${name}. Send the whole file again.`;
  return new TemperaError('INVALID_INPUT', message, { cause: error, details: { field: 'form.file' } });
}

function unexpected(field: string): TemperaError {
  return unlawful(`form.${field}`, 'is one too many: this form takes one file and nothing else');
}

function assertField(name: string, value: unknown): void {
  assertLawful(name, 'form');
  assertLawful(value, `form.${name}`);
}

/** The parser's complaints carry no code; what a consumer throws passes through here, too. */
function formProblem(error: unknown): unknown {
  if (error instanceof TemperaError || hasCode(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  const remedy = /boundary/i.test(message)
    ? 'has no boundary in its Content-Type: let the client set that header'
    : `cannot be read (${message}): send it whole`;
  return unlawful('form', remedy);
}

const hasCode = (error: unknown): boolean => typeof Reflect.get(Object(error), 'code') === 'string';
