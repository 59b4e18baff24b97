/** The web UI: static files, and its one page for every address that is none of the API's. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TemperaError } from '../../core/errors.ts';
import { logPath } from '../../core/log-pages.ts';
import type { Routes } from './route.ts';

/** Scripts and styles come from here alone; styles also from elements, which charts set their sizes by. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Names of built files carry their content's hash: they never change. */
const HASHED = /^\/assets\//;
const YEAR_MS = 365 * 24 * 3_600_000;

export const pageRoutes: Routes =
  ({ settings }) =>
  (app, _options, done) => {
    const root = settings.uiFolder;
    void app.register(fastifyStatic, { root, serve: false, preCompressed: true });

    app.get('/*', { config: { permission: 'open' } }, async (request, reply) => {
      const path = request.url.split('?', 1)[0] ?? '/';
      if (path === '/api' || path.startsWith('/api/')) return reply.callNotFound();
      reply.header('content-security-policy', PAGE_POLICY);
      if (/\.[a-z0-9]+$/i.test(path)) return await sendAsset(reply, path);
      if (!wantsPage(request)) return reply.callNotFound();
      return await sendPage(reply, { root, path });
    });

    done();
  };

function sendAsset(reply: FastifyReply, path: string): FastifyReply {
  reply.removeHeader('cache-control');
  const lasting = HASHED.test(path);
  return reply.sendFile(decodePath(path), { immutable: lasting, maxAge: lasting ? YEAR_MS : 0 });
}

const START_PAGE = 'index.html';
/** A session's address; ids are letters, digits and hyphens, so that they mean nothing in a header. */
const SESSION = /^\/sessions\/([\w-]+)(?:\/|$)/;

/** The one page; that which names the address's program from the start, where the build made it. */
async function sendPage(
  reply: FastifyReply,
  { root, path }: { root: string; path: string },
): Promise<FastifyReply> {
  const [word = ''] = /(?<=^\/)[a-z]+(?=\/|$)/.exec(path) ?? [];
  const page = [`${word}.html`, START_PAGE].find((file) => existsSync(join(root, file)));
  if (page === undefined) {
    throw new TemperaError(
      'NOT_FOUND',
      'The web UI is not built: run `npm run build`. The API is below /api.',
    );
  }
  reply.removeHeader('cache-control');
  const [session] = SESSION.exec(path)?.slice(1) ?? [];
  // what the page shows is on its way before the program that shows it
  if (session) reply.header('link', `<${logPath(session, 0)}>; rel=preload; as=fetch; crossorigin`);
  return reply.sendFile(page, root, { maxAge: 0 });
}

function wantsPage({ headers }: FastifyRequest): boolean {
  return (headers.accept ?? '').includes('text/html');
}

/** @throws TemperaError INVALID_PATH for an address that is not well encoded */
function decodePath(path: string): string {
  try {
    return join('/', decodeURIComponent(path)).slice(1);
  } catch (error) {
    throw new TemperaError('INVALID_PATH', 'The address is not well encoded.', { cause: error });
  }
}
