/** What the caller has stored, and may store. */

import { z } from 'zod';
import { storageUse } from '../../db/index.ts';
import type { Routes } from './route.ts';

const count = z.number();
const UsageSchema = z.object({
  sessions: count,
  bytes: count,
  /** null: without a limit. */
  limits: z.object({ sessions: count.nullable(), bytes: count.nullable() }),
});

export const usageRoutes: Routes =
  ({ db, limitsOf }) =>
  (app, _options, done) => {
    const shown = {
      schema: { response: { 200: UsageSchema } },
      config: { permission: 'session:read' },
    } as const;
    app.get('/api/usage', shown, async ({ principal }) => {
      const { sessionsStored: sessions, bytesStored: bytes } = limitsOf(principal);
      return { ...(await storageUse(db, principal.id)), limits: { sessions, bytes } };
    });

    done();
  };
