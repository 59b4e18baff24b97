/** What a run has gone through, as its events tell it: read once, so that no second connection stays open. */

import { api } from '../../lib/api/client.ts';
import type { ClassificationState } from '../../lib/classification/state-words.ts';
import { isFinal } from '../../lib/classification/state-words.ts';
import { parseObject } from '../../lib/streams/log-event.ts';
import { type SseFrame, SseFrames } from '../../lib/streams/sse-frames.ts';

export interface RunMoment {
  state: ClassificationState;
  /** By the names of a run's progress. */
  progress: Readonly<Record<string, number>>;
  at: string;
}

/** The platform sends what was at once: after so long a silence there is no more. */
const SILENCE_MS = 600;

/** Events of the run at `url` up to now, in order. */
export async function readPast(url: string, signal: AbortSignal): Promise<RunMoment[]> {
  const stop = new AbortController();
  signal.addEventListener('abort', () => stop.abort(), { once: true });
  const moments: RunMoment[] = [];
  try {
    const response = await api.open(url, { signal: stop.signal, query: { after: 0 } });
    for await (const frame of framesUntilSilence(response)) {
      const moment = toMoment(frame);
      if (moment !== null) moments.push(moment);
      if (moment !== null && isFinal(moment.state)) break;
    }
  } finally {
    stop.abort();
  }
  return moments;
}

async function* framesUntilSilence({ body }: Response): AsyncIterable<SseFrame> {
  if (body === null) return;
  const frames = new SseFrames();
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const read = reader.read();
    // given up with the connection: nobody waits for it then
    read.catch(() => undefined);
    const next = await Promise.race([read, silence()]);
    if (next === null || next.done) return;
    yield* frames.push(next.value);
  }
}

const silence = (): Promise<null> => new Promise((resolve) => setTimeout(() => resolve(null), SILENCE_MS));

/** Null for a frame that tells nothing of a run. */
export function toMoment({ event, data }: SseFrame): RunMoment | null {
  if (event !== 'classification') return null;
  const { state, progress, created_at: at } = parseObject(data) ?? {};
  if (typeof state !== 'string' || typeof progress !== 'object' || progress === null) return null;
  const numbers = Object.entries(progress).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  // the boundary where a state of the platform gets its type: it holds each event against its schema
  return { state: state as ClassificationState, progress: Object.fromEntries(numbers), at: String(at ?? '') };
}
