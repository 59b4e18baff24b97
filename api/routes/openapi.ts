/** The API's own description. */

import type { JsonObject } from '../openapi/document.ts';
import { openApiDocument } from '../openapi/document.ts';
import { openApiPage, PAGE_STYLE } from '../openapi/page.ts';
import type { Routes } from './route.ts';

const POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";

export const openApiRoutes: Routes =
  ({ settings }) =>
  (app, _options, done) => {
    let made: JsonObject | null = null;
    const document = (): JsonObject => {
      made ??= openApiDocument(app.routes, settings.version);
      return made;
    };

    app.get('/api/openapi.json', { config: { permission: 'open' } }, async () => document());

    app.get('/api/docs', { config: { permission: 'open' } }, async (_request, reply) => {
      reply.headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY });
      return reply.send(openApiPage(document()));
    });

    app.get('/api/docs/style.css', { config: { permission: 'open' } }, async (_request, reply) => {
      return reply.header('content-type', 'text/css; charset=utf-8').send(PAGE_STYLE);
    });

    done();
  };
