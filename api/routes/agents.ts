/** The agents. */

import { z } from 'zod';
import { AgentSchema, listAgents } from '../services/agents.ts';
import type { Routes } from './route.ts';

export const agentRoutes: Routes = (dependencies) => (app, _options, done) => {
  const listed = { response: { 200: z.object({ items: z.array(AgentSchema) }) } };
  app.get('/api/agents', { schema: listed, config: { permission: 'discover' } }, async (request) => ({
    items: await listAgents(dependencies, request.principal),
  }));

  done();
};
