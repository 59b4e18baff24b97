/** Lets a fault come at a point of a session's work. */

import { setTimeout as pause } from 'node:timers/promises';
import type { StoredEvent } from '../../core/events.ts';
import { createDatabase, type Database } from '../../db/index.ts';
import { type Hold, plantHold } from './hold.ts';
import type { Moment } from './moments.ts';
import type { TestPlatform } from './platform.ts';

/** Where in the work a fault comes. */
export type Point = { name: string } & (
  | { at: 'life' } // any time between the start and the end
  | { at: 'event'; matches: (event: StoredEvent) => boolean; spread: number } // up to `spread` ms after an event
  | { at: 'hold'; hold: Hold } // while a write is held
  | { at: 'completion'; hold: Hold } // the write is committed, the activity's completion is not yet told
  | { at: 'test' } // the test says when
);

export interface Strike {
  platform: TestPlatform;
  session: string;
  moment: Moment<Point>;
  /** Begins the work; it may itself be held. */
  begin: () => Promise<unknown>;
  /** The fault. */
  hit: () => Promise<unknown>;
  /** Milliseconds that the work takes undisturbed. */
  life?: number;
  /** For points of the test: calls `hit` when it is time and resolves after it. */
  arm?: (hit: () => Promise<unknown>) => Promise<unknown>;
}

/** Resolves when the fault has come and the work has begun; the caller then waits for its end. */
export async function strike(strike: Strike): Promise<void> {
  const { platform, moment, begin } = strike;
  const database = createDatabase({ url: platform.variables().DATABASE_URL ?? '', poolSize: 2 });
  try {
    const { point } = moment;
    if (point.at === 'hold' || point.at === 'completion') return await strikeHeld(strike, database, point);
    const armed = point.at === 'test' ? strike.arm?.(strike.hit) : null;
    const begun = begin();
    begun.catch(() => undefined); // awaited below
    if (point.at === 'life') await pause(moment.fraction * (strike.life ?? 3_000));
    if (point.at === 'event') {
      await platform.rest.waitForEvent(strike.session, point.matches);
      await pause(moment.fraction * point.spread);
    }
    await (armed ?? strike.hit());
    await begun;
  } finally {
    await database.close();
  }
}

/** Begins the work, and kills the worker at the moment's point, unless that is `alone`. @returns whether it was */
export async function beginOrStrike(
  { platform, session, moment, begin }: Omit<Strike, 'hit'>,
  alone: Point,
): Promise<boolean> {
  const killed = moment.point !== alone;
  const hit = () => platform.kill('worker', { waits: false });
  if (killed) await strike({ platform, session, moment, begin, hit });
  else await begin();
  return killed;
}

async function strikeHeld(
  { platform, session, moment, begin, hit }: Strike,
  database: Database,
  point: Extract<Point, { hold: Hold }>,
): Promise<void> {
  const planted = await plantHold(database, session, point.hold);
  try {
    const begun = begin();
    begun.catch(() => undefined); // awaited below
    const backend = await planted.reached();
    if (point.at === 'completion') {
      const thaw = platform.freeze('temporal');
      try {
        await planted.committed();
        await hit();
      } finally {
        thaw();
      }
    } else {
      await hit();
      // whether the transaction of a killed client is committed depends on the server: here both come to pass
      if (moment.fraction < 0.5)
        await database.query('select pg_terminate_backend($1)', [backend]).catch(() => undefined);
    }
    await begun;
  } finally {
    await planted.remove();
  }
}
