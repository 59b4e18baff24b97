/** What the api says of the parts that it needs. */

import { z } from 'zod';

const ANSWER_MILLISECONDS = 2_000;

/** The parts that the api at `url` finds not ready, each with the reason; none when all are. */
export async function askReady(url: string): Promise<string[]> {
  try {
    const answer = await fetch(`${url}/api/ready`, { signal: AbortSignal.timeout(ANSWER_MILLISECONDS) });
    if (answer.ok) return [];
    const parts = ReadinessSchema.safeParse(await answer.json());
    const unready = Object.entries(parts.data ?? {}).flatMap(([name, part]) =>
      typeof part === 'object' && part.status !== 'ok' ? [`${name} (${part.error ?? part.status})`] : [],
    );
    return unready.length > 0 ? unready : [`the api (it answers ${answer.status})`];
  } catch (error) {
    return [`the api (${error instanceof Error ? error.message : String(error)})`];
  }
}

const ReadinessSchema = z.record(
  z.string(),
  z.union([z.boolean(), z.looseObject({ status: z.string(), error: z.string().optional() })]),
);
