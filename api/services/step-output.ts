/** What a step's code printed, byte for byte: control characters and all. */

import { Readable } from 'node:stream';
import { TemperaError } from '../../core/errors.ts';
import type { Principal } from '../../core/principal.ts';
import { scriptOutput } from '../../core/step-output.ts';
import { getStep } from '../../db/index.ts';
import type { ApiDependencies } from '../dependencies.ts';

export const OUTPUT_STREAMS = ['stdout', 'stderr'] as const;
export type OutputStream = (typeof OUTPUT_STREAMS)[number];

export interface StepOutput {
  /** Named after the step, e.g. `Train a model.stdout.log`. */
  name: string;
  body: Readable;
}

/** @throws TemperaError NOT_FOUND, also for a step of another session and for one that has not ended */
export async function openStepOutput(
  { db, blobs }: Pick<ApiDependencies, 'db' | 'blobs'>,
  principal: Principal,
  place: { sessionId: string; step: string; stream: OutputStream },
): Promise<StepOutput> {
  const { sessionId, step: id, stream } = place;
  const step = await getStep(db, principal, id);
  if (step?.session_id !== sessionId)
    throw new TemperaError('NOT_FOUND', `There is no step ${id} in the session ${sessionId}.`);
  const { [stream]: text, [`${stream}_blob` as const]: blob } = scriptOutput(step);
  const name = `${step.title.replaceAll('/', ' ')}.${stream}.log`;
  // bytes that the row's text does not hold are kept beside it
  if (blob !== undefined) return { name, body: blobs.get(blob) };
  if (text !== undefined) return { name, body: Readable.from(Buffer.from(text)) };
  throw new TemperaError(
    'NOT_FOUND',
    `Step ${id} has no ${stream}: only scripts have, once they have ended. While one runs, events tell what it prints.`,
  );
}
