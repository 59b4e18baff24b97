/**
 * The OpenAPI 3.1 document, made of the routes and their zod schemas: what is not in a route cannot be in it.
 * Records have a name under components; everything else is written where it is used.
 */

import { z } from 'zod';
import type { Access } from '../../core/access/permissions.ts';
import * as classificationAnswers from '../../core/classification/answers.ts';
import * as classificationRecords from '../../core/classification/records.ts';
import { ClassificationSettingsSchema } from '../../core/classification/settings.ts';
import { DecisionSchema } from '../../core/decisions.ts';
import { EndpointSchema, ProcessStatusSchema } from '../../core/endpoints.ts';
import { EVENT_SCHEMAS, StoredEventSchema } from '../../core/events.ts';
import * as records from '../../core/records.ts';
import { DESCRIPTIONS } from './descriptions.ts';
import type { RouteDescription } from './route-description.ts';

/** What Fastify knows of a route. */
export interface RouteInfo {
  method: string;
  url: string;
  /** What its caller must be allowed. */
  permission: Access;
  schema?: RouteSchemas | undefined;
}

export interface RouteSchemas {
  params?: unknown;
  querystring?: unknown;
  body?: unknown;
  response?: unknown;
}

export type JsonObject = Record<string, unknown>;

/** Schemas that have a name of their own. */
const NAMED = new Map<unknown, string>([
  ...Object.entries({
    ...{ ...records, ...classificationRecords, ...classificationAnswers, ClassificationSettingsSchema },
    ...{ DecisionSchema, EndpointSchema, ProcessStatusSchema, StoredEventSchema },
  })
    .filter(([name, value]) => name.endsWith('Schema') && value instanceof z.ZodType)
    .map(([name, value]) => [value, name.replace(/Schema$/, '')] as const),
  // the data of each type of event
  ...Object.entries(EVENT_SCHEMAS).map(([type, schema]) => [schema, `Event_${type}`] as const),
]);

const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What is wrong, where, and how to mend it.'),
  code: z.string().describe('Stable; docs/errors.md lists them.'),
  instance: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});

/** The whole document. @throws Error naming a route that has no description */
export function openApiDocument(routes: readonly RouteInfo[], version: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) {
    if (!route.url.startsWith('/api/') || route.method === 'HEAD') continue;
    const path = route.url.replace(/:(\w+)/g, '{$1}').replace('*', '{path}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tempera',
      version,
      description:
        'Durable agent pipelines over tables. Every POST takes an `Idempotency-Key`; failures ' +
        'are problem documents (RFC 9457); lists are paged by `cursor`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: { schemas: { ...namedSchemas(), Problem: jsonSchema(Problem, 'output') } },
  };
}

function operation({ method, url, schema = {} }: RouteInfo): JsonObject {
  const described = DESCRIPTIONS[`${method} ${url}`];
  if (described === undefined)
    throw new Error(`${method} ${url} has no description in api/openapi/descriptions.ts.`);
  const body = requestBody(schema.body ?? described.body, described);
  return {
    operationId: operationId(method, url),
    summary: described.summary,
    tags: [described.tag],
    parameters: [
      ...parametersOf(schema.params, 'path'),
      ...parametersOf(schema.querystring, 'query'),
      ...(method === 'POST' ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(body ? { requestBody: body } : {}),
    responses: responsesOf(schema.response, described, method),
  };
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'The same key with the same request returns what the first one did.',
  schema: { type: 'string', maxLength: 200 },
};

/** `GET /api/sessions/:id/files/*` → `getSessionsIdFilesPath`. */
function operationId(method: string, url: string): string {
  const words = url
    .replace('/api/', '')
    .replace('*', 'path')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean);
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function parametersOf(schema: unknown, place: 'path' | 'query'): JsonObject[] {
  if (!(schema instanceof z.ZodType)) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: JsonObject;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name: name === '*' ? 'path' : name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function requestBody(schema: unknown, { multipart, binary }: RouteDescription): JsonObject | null {
  const content: JsonObject = {};
  if (schema instanceof z.ZodType) content['application/json'] = { schema: jsonSchema(schema, 'input') };
  if (multipart) content['multipart/form-data'] = { schema: jsonSchema(multipart, 'input') };
  if (binary) {
    for (const type of ['application/octet-stream', 'text/csv'])
      content[type] = { schema: { type: 'string', format: 'binary' } };
  }
  return Object.keys(content).length > 0 ? { required: true, content } : null;
}

function responsesOf(schemas: unknown, { answer, status }: RouteDescription, method: string): JsonObject {
  const problem = {
    description: 'What went wrong.',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  const own: JsonObject = {};
  for (const [code, schema] of Object.entries(schemas ?? {})) {
    if (schema instanceof z.ZodType)
      own[code] = {
        description: 'Done.',
        content: { 'application/json': { schema: jsonSchema(schema, 'output') } },
      };
  }
  const usual = String(status ?? (method === 'DELETE' ? 204 : 200));
  if (Object.keys(own).length === 0)
    own[usual] = { description: 'Done.', ...(answer ? { content: answer } : {}) };
  return { ...own, default: problem };
}

function namedSchemas(): JsonObject {
  return Object.fromEntries(
    [...NAMED].map(([schema, name]) => [name, jsonSchema(schema as z.ZodType, 'output', schema)]),
  );
}

/** A schema as JSON Schema; records below the top (`whole`) are referred to by name. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', whole?: unknown): JsonObject {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema: written }) => {
      const name = NAMED.get(zodSchema);
      if (name === undefined || zodSchema === whole) return;
      for (const key of Object.keys(written)) delete (written as JsonObject)[key];
      written.$ref = `#/components/schemas/${name}`;
    },
  });
  return json;
}
