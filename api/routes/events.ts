/** A session's events: as a page, or live. */

import { z } from 'zod';
import { TemperaError } from '../../core/errors.ts';
import { EVENT_SCHEMAS, StoredEventSchema } from '../../core/events.ts';
import { sessionStream } from '../../core/session-names.ts';
import { readEvents } from '../../db/index.ts';
import { EventsQuery, IdParams, OverviewStreamQuery, StreamQuery } from '../schemas.ts';
import { ofSession, requireSession } from '../services/sessions.ts';
import { createStreamService } from '../services/streams.ts';
import type { Routes } from './route.ts';

export const eventRoutes: Routes = (dependencies) => (app, _options, done) => {
  const streams = createStreamService(dependencies);
  app.addHook('preClose', async () => streams.close());

  const page = z.object({ items: z.array(StoredEventSchema), last_seq: z.number() });
  const events = { params: IdParams, querystring: EventsQuery, response: { 200: page } };
  app.get(
    '/api/sessions/:id/events',
    { schema: events, config: { permission: 'session:read' } },
    async (request) => {
      const { id } = request.params;
      const { after, limit, except } = request.query;
      const chosen = { streamId: sessionStream(id), after, limit, except: eventTypes(except) };
      return ofSession(await readEvents(dependencies.db, request.principal, chosen), id);
    },
  );

  const stream = { params: IdParams, querystring: StreamQuery };
  app.get(
    '/api/sessions/:id/stream',
    { schema: stream, exposeHeadRoute: false, config: { permission: 'session:read' } },
    async (request, reply) => {
      const { id } = await requireSession(dependencies, request.principal, request.params.id);
      const after = streams.position(request.headers['last-event-id'], request.query.after);
      await streams.serve(request, reply, { streamId: sessionStream(id), after });
    },
  );

  const overview = { querystring: OverviewStreamQuery };
  app.get(
    '/api/stream',
    { schema: overview, exposeHeadRoute: false, config: { permission: 'session:read' } },
    async (request, reply) => {
      await streams.serveOverview(request, reply, request.query.follow ?? []);
    },
  );

  done();
};

/** @throws TemperaError INVALID_INPUT for a word that is no type of event */
function eventTypes(text = ''): string[] {
  const words = text.split(',').filter((word) => word !== '');
  const wrong = words.find((word) => !Object.hasOwn(EVENT_SCHEMAS, word));
  if (wrong === undefined) return words;
  const message =
    `“${wrong.slice(0, 60)}” in ?except= is no type of event. There are: ` +
    `${Object.keys(EVENT_SCHEMAS).join(', ')}.`;
  throw new TemperaError('INVALID_INPUT', message);
}
