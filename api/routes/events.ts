/** A session's events: as a page, or live. */

import { z } from 'zod';
import { readEvents } from '../../db/index.ts';
import { sessionStream } from '../../workflows/contract/ids.ts';
import { EventsQuery, IdParams, StoredEventSchema, StreamQuery } from '../schemas.ts';
import { requireSession } from '../services/sessions.ts';
import { createStreamService } from '../services/streams.ts';
import type { Routes } from './route.ts';

export const eventRoutes: Routes = (dependencies) => (app, _options, done) => {
  const streams = createStreamService(dependencies);
  app.addHook('preClose', async () => streams.close());

  const page = z.object({ items: z.array(StoredEventSchema), last_seq: z.number() });
  const events = { params: IdParams, querystring: EventsQuery, response: { 200: page } };
  app.get('/api/sessions/:id/events', { schema: events }, async (request) => {
    const { id } = await requireSession(dependencies, request.principal, request.params.id);
    const { after, limit } = request.query;
    const items =
      (await readEvents(dependencies.db, request.principal, sessionStream(id), after, limit)) ?? [];
    return { items, last_seq: items.at(-1)?.seq ?? after };
  });

  const stream = { params: IdParams, querystring: StreamQuery };
  app.get('/api/sessions/:id/stream', { schema: stream, exposeHeadRoute: false }, async (request, reply) => {
    const { id } = await requireSession(dependencies, request.principal, request.params.id);
    const after = streams.position(request.headers['last-event-id'], request.query.after);
    await streams.serve(request, reply, { streamId: sessionStream(id), after });
  });

  app.get('/api/stream', { exposeHeadRoute: false }, async (request, reply) => {
    await streams.serveOverview(request, reply);
  });

  done();
};
