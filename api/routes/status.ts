/** Is it alive, ready, well? */

import { createStatus, readiness, sharedFor, statusFor } from '../services/status.ts';
import type { Routes } from './route.ts';

export const statusRoutes: Routes = (dependencies) => (app, _options, done) => {
  app.get('/api/live', { config: { permission: 'open' } }, async () => ({ status: 'ok' }));

  app.get('/api/health', { config: { permission: 'open' } }, async () => ({
    status: 'ok',
    version: dependencies.settings.version,
  }));

  // open to everybody: however many ask, the parts are asked once at a time
  const asked = sharedFor(0, () => readiness(dependencies));
  app.get('/api/ready', { config: { permission: 'open' } }, async (_request, reply) => {
    const { ready, ...parts } = await asked();
    if (!ready) reply.header('retry-after', '1');
    return reply.code(ready ? 200 : 503).send({ ready, ...parts });
  });

  const status = createStatus(dependencies);
  app.get('/api/status', { config: { permission: 'discover' } }, async ({ principal }) =>
    statusFor(await status(), principal),
  );

  done();
};
