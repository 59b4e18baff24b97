/** How a session went: the runs of its stages, and the checkpoints that a fork may start from. */

import { z } from 'zod';
import { StageRunSchema } from '../../core/records.ts';
import { STAGES } from '../../core/stages.ts';
import { listCheckpoints, listStageRuns } from '../../db/index.ts';
import { IdParams } from '../schemas.ts';
import { requireSession } from '../services/sessions.ts';
import type { Routes } from './route.ts';

const CheckpointSchema = z.object({
  id: z.string(),
  stage: z.enum(STAGES),
  run: z.number().int(),
  /** The step that the workspace was kept after. */
  step_id: z.string(),
  execution: z.number().int(),
  base: z.string().nullable(),
  files: z.number(),
  bytes: z.number(),
  /** Taken while the step's processes were stopped, not gone. */
  live: z.boolean(),
  created_at: z.string(),
});

export const timelineRoutes: Routes = (dependencies) => (app, _options, done) => {
  const { db } = dependencies;

  const stages = { params: IdParams, response: { 200: z.object({ items: z.array(StageRunSchema) }) } };
  app.get(
    '/api/sessions/:id/stages',
    { schema: stages, config: { permission: 'session:read' } },
    async (request) => {
      const { id } = await requireSession(dependencies, request.principal, request.params.id);
      return { items: await listStageRuns(db, id) };
    },
  );

  const checkpoints = { params: IdParams, response: { 200: z.object({ items: z.array(CheckpointSchema) }) } };
  app.get(
    '/api/sessions/:id/checkpoints',
    { schema: checkpoints, config: { permission: 'session:read' } },
    async (request) => {
      const { id } = await requireSession(dependencies, request.principal, request.params.id);
      return { items: await listCheckpoints(db, id) };
    },
  );

  done();
};
