/** From log() to every reader: while all is well, and with the api killed on the way. */

import type { StreamReader } from '../../tests/platform/stream.ts';
import { until } from '../../tests/platform/wait.ts';
import type { BenchPlatform } from '../platform.ts';
import { faultsOf, openSession, type Receipt } from './session.ts';

export interface LatencySample {
  /** Milliseconds, of every point in every reader. */
  latencies: number[];
  output: string;
  lost: number;
  doubled: number;
  gaps: number;
}

export interface KilledSample extends LatencySample {
  /** Milliseconds from the kill until each reader was live again. */
  caughtUp: number[];
  /** Milliseconds from the kill until the first reader got anything again. */
  back: number;
}

/** A reader that is at most this far behind is live. */
const LIVE_MS = 500;

export async function measureLatency(
  bench: BenchPlatform,
  { calls, readers }: { calls: number; readers: number },
): Promise<LatencySample> {
  const session = await openSession(bench, readers);
  try {
    const output = await session.ended(600);
    const latencies = session.readers.flatMap((reader) => session.receipts(reader).map(latencyOf));
    return { latencies, output, ...faultsOfAll(session.readers, calls) };
  } finally {
    await session.close();
  }
}

export async function measureKilled(
  bench: BenchPlatform,
  { calls, readers }: { calls: number; readers: number },
): Promise<KilledSample> {
  const session = await openSession(bench, readers);
  try {
    const [first] = session.readers;
    await until(
      'a third of the points came',
      () => first !== undefined && session.receipts(first).length > calls / 3,
      600,
    );
    const killedAt = Date.now();
    await bench.platform.kill('api', { waits: false });
    const output = await session.ended(600);
    const receipts = session.readers.map((reader) => session.receipts(reader));
    const after = receipts.map((list) => list.filter(({ received }) => received > killedAt + 1));
    return {
      latencies: receipts.flat().map(latencyOf),
      output,
      ...faultsOfAll(session.readers, calls),
      caughtUp: after.map((list) => caughtUpAt(list) - killedAt),
      back: Math.min(...after.map(([earliest]) => earliest?.received ?? Number.NaN)) - killedAt,
    };
  } finally {
    await session.close();
  }
}

const latencyOf = ({ sent, received }: Receipt): number => received - sent;

/** When the first point arrived that a live reader would have had by then; NaN when none did. */
function caughtUpAt(receipts: Receipt[]): number {
  return receipts.find((receipt) => latencyOf(receipt) <= LIVE_MS)?.received ?? Number.NaN;
}

function faultsOfAll(
  readers: StreamReader[],
  calls: number,
): { lost: number; doubled: number; gaps: number } {
  const faults = readers.map((reader) => faultsOf(reader, calls));
  const total = (name: 'lost' | 'doubled' | 'gaps') => faults.reduce((sum, fault) => sum + fault[name], 0);
  return { lost: total('lost'), doubled: total('doubled'), gaps: total('gaps') };
}
