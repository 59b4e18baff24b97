/** A session's decisions on a new file: what fits is kept, what does not is asked about. */

import { SessionSchema } from '../../core/records.ts';
import { formParts } from '../http/forms.ts';
import { idempotencyKey } from '../http/idempotency.ts';
import { parseInput } from '../http/zod-provider.ts';
import { AgainBodySchema, AgainFieldsSchema, IdParams } from '../schemas.ts';
import { AgainAnswerSchema, type NewFile, prepareAgain, sessionAgain, toAnswer } from '../services/again.ts';
import { type Scratch, withScratch } from '../services/dataset-files.ts';
import { readTableForm } from '../services/experiment-form.ts';
import { adoptFile, newExperimentId } from '../services/experiments.ts';
import { requireSession } from '../services/sessions.ts';
import { type Routes, traceparentOf } from './route.ts';

export const againRoutes: Routes = (dependencies) => (app, _options, done) => {
  async function readFile(
    request: Parameters<typeof formParts>[0],
    { id, scratch }: { id: string; scratch: Scratch },
  ): Promise<NewFile> {
    if (request.isMultipart()) {
      const form = { id, parts: formParts(request), schema: AgainFieldsSchema };
      return { id, profile: null, ...(await readTableForm(dependencies, scratch, form)) };
    }
    const { upload_id, dataset_ref, ...fields } = parseInput(AgainBodySchema, request.body, 'body');
    const named = { id, scratch, upload_id, dataset_ref };
    const { file, profile } = await adoptFile(dependencies, request.principal, named);
    return { id, files: [file], fields, profile, upload: upload_id };
  }

  const again = { params: IdParams, response: { 200: AgainAnswerSchema, 201: SessionSchema } };
  app.post(
    '/api/sessions/:id/again',
    { schema: again, config: { permission: 'session:write' } },
    async (request, reply) => {
      const { principal } = request;
      const session = await requireSession(dependencies, principal, request.params.id);
      return await withScratch(dependencies.store, async (scratch) => {
        const file = await readFile(request, { id: newExperimentId(), scratch });
        const prepared = await prepareAgain(dependencies, principal, { session, file });
        if (file.fields.dry_run) return toAnswer(prepared);
        const made = await sessionAgain(dependencies, principal, {
          ...{ ...prepared, scratch },
          ...{ key: idempotencyKey(request.headers), traceparent: traceparentOf(request.headers) },
        });
        return reply.code(201).header('location', `/api/sessions/${made.id}`).send(made);
      });
    },
  );

  done();
};
