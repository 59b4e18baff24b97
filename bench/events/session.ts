/** One session that runs one logging script, and its readers. */

import { readStream, type StreamReader } from '../../tests/platform/stream.ts';
import { until } from '../../tests/platform/wait.ts';
import type { BenchPlatform } from '../platform.ts';

/** One point as one reader got it. */
export interface Receipt {
  step: number;
  /** Milliseconds since the epoch. */
  sent: number;
  received: number;
}

export interface ReadingSession {
  id: string;
  readers: StreamReader[];
  /** Points of one reader in the order in which they came. */
  receipts(reader: StreamReader): Receipt[];
  /** Waits for tool_end, in all readers. @returns the script's own words */
  ended(seconds: number): Promise<string>;
  close(): Promise<void>;
}

/** Starts a session of the scripted model and attaches `readers` before its code begins to log. */
export async function openSession(
  { platform, scriptedModel }: BenchPlatform,
  readers: number,
): Promise<ReadingSession> {
  const { rest } = platform;
  const experiment = await rest.createExperiment('examples/penguins.csv', {
    name: 'penguins',
    target: 'species',
  });
  const { id } = await rest.createSession(experiment.id, { mode: 'manual', model: scriptedModel });
  const streams = Array.from({ length: readers }, () => readStream(rest.url, id));
  await rest.send('POST', `/api/sessions/${id}/stages/eda/start`, {});
  const last = (reader: StreamReader) => reader.events.find((event) => event.type === 'tool_end');
  return {
    id,
    readers: streams,
    receipts: receiptsOf,
    async ended(seconds) {
      await until('every reader saw tool_end', () => streams.every(last), seconds);
      const [first] = streams;
      const end = first && last(first);
      if (end?.data.ok !== true) throw new Error(`The script failed: ${String(end?.data.output)}`);
      return String(end.data.output);
    },
    async close() {
      for (const stream of streams) stream.close();
      await rest.send('POST', `/api/sessions/${id}/cancel`, {});
      await rest.waitFor(id, ['cancelled'], 120);
    },
  };
}

interface Batch {
  items?: { step: number; value: number | null }[];
}

/** Of the script's first run alone: a reader that comes late sees the agent's next turn run it again. */
function receiptsOf({ events }: StreamReader): Receipt[] {
  const end = events.findIndex(({ type }) => type === 'tool_end');
  return events.slice(0, end === -1 ? undefined : end).flatMap((event) => {
    if (event.type !== 'metrics_batch') return [];
    const { items = [] }: Batch = event.data;
    return items.map(({ step, value }) => ({ step, sent: (value ?? Number.NaN) * 1000, received: event.at }));
  });
}

/** What a reader missed, got twice or out of order, of the steps 0 to `calls` - 1 and of the stream's numbers. */
export function faultsOf(
  reader: StreamReader,
  calls: number,
): { lost: number; doubled: number; gaps: number } {
  const steps = receiptsOf(reader).map(({ step }) => step);
  const distinct = new Set(steps);
  const gaps = reader.events.filter(({ seq }, index) => seq !== index + 1).length;
  return { lost: calls - distinct.size, doubled: steps.length - distinct.size, gaps };
}
