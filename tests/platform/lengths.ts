/**
 * How long outages and cells are. Scaled down, a moment of each fits a test; the long form takes one of each at full
 * length, which a setting of the environment may shorten or lengthen.
 */

import { momentOptions } from './moments.ts';

/** True for `npm run test:long`. */
export const LONG = momentOptions().long;

/** Seconds of the moments at full length. */
export const FULL = {
  /** The Temporal server is away. */
  temporal: seconds('TEMPERA_TEST_TEMPORAL_SECONDS', 300),
  /** Postgres is away. */
  postgres: seconds('TEMPERA_TEST_POSTGRES_SECONDS', 120),
  /** The object store is away. */
  s3: seconds('TEMPERA_TEST_S3_SECONDS', 120),
  /** A cell trains. */
  cell: seconds('TEMPERA_TEST_CELL_SECONDS', 600),
  /** A reader is away. */
  reader: seconds('TEMPERA_TEST_READER_SECONDS', 3_600),
};

/** The timings that people get, in place of the scaled ones. */
export const USUAL_TIMINGS = {
  HEARTBEAT_TIMEOUT_SECONDS: '10',
  WORKER_LOST_SECONDS: '10',
  WORKER_HEARTBEAT_SECONDS: '2',
};

/** `describe` for what only the long form does. */
export const describeLong: jest.Describe = LONG ? describe : describe.skip;

function seconds(name: string, usual: number): number {
  const value = Number(process.env[name] ?? usual);
  if (!(value > 0)) throw new Error(`${name} is [${process.env[name]}]; set it to a number of seconds.`);
  return value;
}
