/** The HTTP server: access checks, problem documents and the routes, over what it is given. */

import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import multipart from '@fastify/multipart';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { TemperaError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { redactedEvent } from '../core/redaction.ts';
import { auditRequests } from './audit/audited-requests.ts';
import type { ApiDependencies } from './dependencies.ts';
import { guard } from './guard.ts';
import { SECURITY_HEADERS } from './http/access.ts';
import { problemHeaders, toProblem, toTemperaError } from './http/problem.ts';
import { dropUnreadBody } from './http/unread-body.ts';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from './http/zod-provider.ts';
import { createOpenLeases, limitUploads } from './limits/open-leases.ts';
import { limitRequests } from './limits/rate-limits.ts';
import type { RouteInfo } from './openapi/document.ts';
import { accessRoutes } from './routes/access.ts';
import { againRoutes } from './routes/again.ts';
import { agentRoutes } from './routes/agents.ts';
import { auditRoutes } from './routes/audit.ts';
import { budgetRoutes } from './routes/budgets.ts';
import { callerRoutes } from './routes/callers.ts';
import { dataSourceRoutes } from './routes/classification/data-sources.ts';
import { classifiedDatasetRoutes } from './routes/classification/datasets.ts';
import { classificationResultRoutes } from './routes/classification/results.ts';
import { classificationRunRoutes } from './routes/classification/runs.ts';
import { vocabularyRoutes } from './routes/classification/vocabularies.ts';
import { commandRoutes } from './routes/commands.ts';
import { compareRoutes } from './routes/compare.ts';
import { connectionRoutes } from './routes/connections.ts';
import { dataRoutes } from './routes/data.ts';
import { endpointRoutes } from './routes/endpoints.ts';
import { eventRoutes } from './routes/events.ts';
import { experimentRoutes } from './routes/experiments.ts';
import { exportRoutes } from './routes/exports.ts';
import { fileRoutes } from './routes/files.ts';
import { forkRoutes } from './routes/fork.ts';
import { measureRoutes } from './routes/measures.ts';
import { modelRoutes } from './routes/models.ts';
import { openApiRoutes } from './routes/openapi.ts';
import { pageRoutes } from './routes/pages.ts';
import { recordRoutes } from './routes/records.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { statusRoutes } from './routes/status.ts';
import { talkRoutes } from './routes/talk.ts';
import { timelineRoutes } from './routes/timeline.ts';
import { uploadRoutes } from './routes/uploads.ts';
import { usageRoutes } from './routes/usage.ts';
import { webhookRoutes } from './routes/webhooks.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** `METHOD /path` of every route, for docs/rest.md's test. */
    routeList: string[];
    /** The routes with their schemas, of which the API's description is made. */
    routes: RouteInfo[];
  }
}

/** Files of one form: the table and an own test file. */
const MAX_FORM_FILES = 2;
/** Bytes of a request's line and headers. */
const MAX_HEADER_BYTES = 64 * 1024;
/** Below this an answer goes in one packet as it is. */
const COMPRESSED_FROM_BYTES = 1024;
/** Above this an answer is compressed beside the event loop, which it would hold for milliseconds. */
const COMPRESSED_AT_ONCE_BYTES = 512 * 1024;
const MAX_FORM_FIELDS = 30;
const MAX_FIELD_BYTES = 64 * 1024;

/** Types of bodies that are a file's bytes. What a file is says its name, and what is in it. */
const BYTE_TYPES = ['application/octet-stream', 'text/csv', 'text/tab-separated-values'];

export type App = FastifyInstance;

/** Builds the server without listening. */
export function createApp(given: ApiDependencies): App {
  const openLeases = createOpenLeases(given);
  const dependencies = { ...given, openLeases };
  const { settings } = dependencies;
  const app = Fastify({
    logger:
      settings.logLevel === 'silent'
        ? false
        : {
            level: settings.logLevel,
            formatters: { log: redactedEvent },
          },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId(),
    requestIdHeader: false,
    bodyLimit: settings.requestBytes,
    // a comparison names up to a thousand sessions in its address
    http: { maxHeaderSize: MAX_HEADER_BYTES },
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: false },
    forceCloseConnections: true,
    return503OnClosing: true,
    frameworkErrors: answerError,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler(settings.checkAnswers));
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request) => {
    throw new TemperaError('NOT_FOUND', `There is nothing at ${request.method} ${pathOf(request)}.`);
  });
  listRoutes(app);
  guard(app, dependencies);
  auditRequests(app, dependencies);
  limitRequests(app, dependencies);
  limitUploads(app, openLeases);
  app.addHook('onClose', async () => openLeases.close());
  logAnswers(app);
  takeBodies(app, settings);
  // a file is sent as its bytes are, for ranges and validators are of these
  void app.register(compress, {
    // of what is as small at once, the cheaper first
    encodings: ['gzip', 'br'],
    threshold: COMPRESSED_FROM_BYTES,
    // at once: a stream of its own costs many times as much as the bytes of a list
    syncThreshold: COMPRESSED_AT_ONCE_BYTES,
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } },
    zlibOptions: { level: 1 },
    globalDecompression: false,
  });
  for (const routes of ROUTES) void app.register(routes(dependencies));
  return app;
}

const ROUTES = [
  statusRoutes,
  callerRoutes,
  accessRoutes,
  endpointRoutes,
  experimentRoutes,
  uploadRoutes,
  sessionRoutes,
  recordRoutes,
  measureRoutes,
  timelineRoutes,
  commandRoutes,
  talkRoutes,
  forkRoutes,
  againRoutes,
  eventRoutes,
  fileRoutes,
  dataRoutes,
  compareRoutes,
  exportRoutes,
  modelRoutes,
  connectionRoutes,
  usageRoutes,
  webhookRoutes,
  agentRoutes,
  auditRoutes,
  budgetRoutes,
  dataSourceRoutes,
  vocabularyRoutes,
  classificationRunRoutes,
  classificationResultRoutes,
  classifiedDatasetRoutes,
  openApiRoutes,
  pageRoutes,
];

/** Keeps the list of routes for those who document them. */
function listRoutes(app: FastifyInstance): void {
  const routeList: string[] = [];
  const routes: RouteInfo[] = [];
  app.decorate('routeList', routeList);
  app.decorate('routes', routes);
  app.addHook('onRoute', ({ method, url, schema, config }) => {
    for (const each of [method].flat()) {
      if (each === 'HEAD') continue;
      routeList.push(`${each} ${url}`);
      routes.push({ method: each, url, schema, permission: config?.permission ?? 'open' });
    }
  });
}

/** JSON, forms with files, and bare bytes as a stream; nothing else. */
function takeBodies(app: FastifyInstance, settings: ApiDependencies['settings']): void {
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser(BYTE_TYPES, (_request, payload, done) => done(null, payload));
  void app.register(multipart, {
    limits: {
      fileSize: settings.uploadBytes + 1,
      files: MAX_FORM_FILES,
      fields: MAX_FORM_FIELDS,
      fieldSize: MAX_FIELD_BYTES,
      parts: MAX_FORM_FILES + MAX_FORM_FIELDS,
    },
  });
}

/** One line a request. */
function logAnswers(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, id } = request;
    const milliseconds = Math.round(reply.elapsedTime);
    request.log.debug(
      { method, path: pathOf(request), status: reply.statusCode, milliseconds, id },
      'answered',
    );
  });
}

async function answerError(
  thrown: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const error = toTemperaError(thrown);
  request.errorCode = error.code;
  if (error.kind.http >= 500) {
    request.log.error({ err: thrown, id: request.id, path: pathOf(request) }, error.code);
  }
  await dropUnreadBody(request.raw);
  if (!request.raw.complete) reply.header('connection', 'close');
  await reply
    .code(error.kind.http)
    .headers({ ...SECURITY_HEADERS, 'x-request-id': request.id, ...problemHeaders(error) })
    .serializer(JSON.stringify)
    .send(toProblem(error, pathOf(request)));
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}
