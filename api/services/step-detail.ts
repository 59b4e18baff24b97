/** One step as a person looks into it: what it ran, what it said, and where the rest of it is read. */

import { z } from 'zod';
import { TemperaError } from '../../core/errors.ts';
import type { Principal } from '../../core/principal.ts';
import { StepSchema } from '../../core/records.ts';
import { scriptOutput } from '../../core/step-output.ts';
import { getStep } from '../../db/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { filesOf } from './session-files.ts';

const FileReferenceSchema = z.object({
  path: z.string(),
  size: z.number(),
  sha256: z.string(),
  /** Where the file is read; null when the session's present files have another content under the path, or none. */
  href: z.string().nullable(),
});

export const StepDetailSchema = StepSchema.extend({
  /** What execute_code ran or query_sql asked; null for other steps. */
  code: z.string().nullable(),
  /** The kept script; null where none was kept. */
  script: FileReferenceSchema.nullable(),
  /** What it wrote, as it was when the step ended. */
  files: z.array(FileReferenceSchema),
  /** Where all that it printed is read, as events `code_output` whose `step` is this one. */
  output_href: z.string(),
});
export type StepDetail = z.infer<typeof StepDetailSchema>;

/** @throws TemperaError NOT_FOUND, also for a step of another session */
export async function requireStep(
  dependencies: Pick<ApiDependencies, 'db' | 'blobs'>,
  principal: Principal,
  { sessionId, id }: { sessionId: string; id: string },
): Promise<StepDetail> {
  const step = await getStep(dependencies.db, principal, id);
  if (step?.session_id !== sessionId)
    throw new TemperaError('NOT_FOUND', `There is no step ${id} in the session ${sessionId}.`);
  const { input } = step;
  const then = step.checkpoint === null ? new Map() : await filesOf(dependencies, sessionId, step.checkpoint);
  const now = step.checkpoint === null ? new Map() : await filesOf(dependencies, sessionId, null);
  const refer = (path: string) => {
    const file = then.get(path);
    if (!file) return [];
    const isThere = now.get(path)?.sha256 === file.sha256;
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    const href = isThere ? `/api/sessions/${sessionId}/files/${encoded}` : null;
    return [{ path, size: file.size, sha256: file.sha256, href }];
  };
  const { files_changed = [], script_path: script = null } = scriptOutput(step);
  const code = input.code ?? input.sql;
  return {
    ...step,
    code: typeof code === 'string' ? code : null,
    script: script === null ? null : (refer(script)[0] ?? null),
    files: files_changed.flatMap((path) => (path === script ? [] : refer(path))),
    output_href: `/api/sessions/${sessionId}/events`,
  };
}
