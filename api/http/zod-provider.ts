/** Zod schemas as Fastify's route schemas: they check what comes in and give handlers their types. */

import type { FastifySchemaCompiler, FastifyTypeProvider } from 'fastify';
import type { FastifySerializerCompiler } from 'fastify/types/schema.js';
import type { z } from 'zod';
import { TemperaError } from '../../core/errors.ts';
import { inWords } from '../../core/issue-words.ts';
import { JsonText } from '../../db/index.ts';

export interface ZodTypeProvider extends FastifyTypeProvider {
  validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown;
  serializer: this['schema'] extends z.ZodType ? z.input<this['schema']> | JsonText : unknown;
}

export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  return (data: unknown) => {
    const result = schema.safeParse(data ?? {}, { error: inWords });
    return result.success
      ? { value: result.data }
      : { error: invalidInput(result.error, httpPart ?? 'input') };
  };
};

/**
 * Answers are plain JSON, that which the database wrote as it is; with `check` each is held against its schema first,
 * which the tests do: in production the rows come from our own repositories and the check would cost more than it
 * finds.
 */
export function serializerCompiler(check: boolean): FastifySerializerCompiler<z.ZodType> {
  return ({ schema }) =>
    (data: unknown) => {
      if (!(data instanceof JsonText)) return JSON.stringify(check ? schema.parse(data) : data);
      if (check) schema.parse(JSON.parse(data.text));
      // Fastify sends bytes as it sends text; its type names text alone
      return data.bytes as unknown as string;
    };
}

/** A refused input as a sentence that names every wrong field. */
export function invalidInput(error: z.ZodError, part: string): TemperaError {
  const issues = error.issues.map((issue) => ({
    field: [part, ...issue.path].join('.'),
    message: issue.message,
  }));
  const sentence = issues.map((issue) => `${issue.field} ${issue.message}`).join('; ');
  return new TemperaError('INVALID_INPUT', `The request is not understood. ${sentence}.`, {
    details: { issues },
  });
}

/** Checks a value outside a route's schema, e.g. the fields of a form. @throws TemperaError INVALID_INPUT */
export function parseInput<T extends z.ZodType>(schema: T, value: unknown, part: string): z.output<T> {
  const result = schema.safeParse(value, { error: inWords });
  if (!result.success) throw invalidInput(result.error, part);
  return result.data;
}
