/**
 * Lanes: work of one name goes one after the other in the order in which it came, that of others beside it. Temporal
 * takes ten updates of a workflow at once and refuses the eleventh; in lanes nothing is refused that can wait its turn.
 */

import { TemperaError } from '../core/errors.ts';

export interface LaneLimits {
  /** How many may wait in one lane. */
  waiting: number;
  /** Milliseconds that one waits for its turn. */
  waitMs: number;
}

export interface Lanes {
  /** @throws TemperaError LIMIT_REACHED when the lane is full or the turn does not come; nothing was done then */
  inTurn<T>(lane: string, work: () => Promise<T>): Promise<T>;
}

/** Those who wait in a lane, first come first; the lane is there while somebody works in it. */
type Queue = (() => void)[];

export function createLanes({ waiting, waitMs }: LaneLimits): Lanes {
  const lanes = new Map<string, Queue>();

  async function enter(lane: string): Promise<void> {
    const queue = lanes.get(lane);
    if (!queue) {
      lanes.set(lane, []);
      return;
    }
    if (queue.length >= waiting)
      throw refusal(`${waiting} commands wait here already (MAX_WAITING_COMMANDS)`);
    if (!(await turnIn(queue, waitMs))) throw refusal('The turn of this command did not come in time');
  }

  function leave(lane: string): void {
    const next = lanes.get(lane)?.shift();
    if (next) next();
    else lanes.delete(lane);
  }

  return {
    async inTurn(lane, work) {
      await enter(lane);
      try {
        return await work();
      } finally {
        leave(lane);
      }
    },
  };
}

/** False when the time is over; the place in the queue is given up then. */
function turnIn(queue: Queue, waitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      queue.splice(queue.indexOf(called), 1);
      resolve(false);
    }, waitMs);
    function called(): void {
      clearTimeout(timer);
      resolve(true);
    }
    queue.push(called);
  });
}

const refusal = (what: string): TemperaError =>
  new TemperaError('LIMIT_REACHED', `${what}; nothing was sent. Send it again a little later.`, {
    retryAfter: 1,
  });
