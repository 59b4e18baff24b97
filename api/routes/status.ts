/** Is it alive, ready, well? */

import { createStatus, readiness, statusFor } from '../services/status.ts';
import type { Routes } from './route.ts';

export const statusRoutes: Routes = (dependencies) => (app, _options, done) => {
  app.get('/api/live', { config: { permission: 'open' } }, async () => ({ status: 'ok' }));

  app.get('/api/health', { config: { permission: 'open' } }, async () => ({
    status: 'ok',
    version: dependencies.settings.version,
  }));

  app.get('/api/ready', { config: { permission: 'open' } }, async (_request, reply) => {
    const { ready, ...parts } = await readiness(dependencies);
    if (!ready) reply.header('retry-after', '1');
    return reply.code(ready ? 200 : 503).send({ ready, ...parts });
  });

  const status = createStatus(dependencies);
  app.get('/api/status', { config: { permission: 'discover' } }, async ({ principal }) =>
    statusFor(await status(), principal),
  );

  done();
};
