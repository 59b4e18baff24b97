/**
 * The end of a wait for the model's provider: told as soon as something of an answer comes, at the latest with the
 * answer. That it waits is the workflow's word; which answer ends it only the call knows.
 */

import type { NewEvent } from '../core/events.ts';
import type { Transaction } from '../db/index.ts';
import type { TurnKey } from '../workflows/contract/activities.ts';
import { sessionStream } from '../workflows/contract/ids.ts';
import { stepId } from './keys.ts';
import type { ActivityPorts } from './ports.ts';
import type { ReadyTurn } from './turn-request.ts';

export class ProviderWait {
  private readonly ports: ActivityPorts;
  private readonly turn: TurnKey;
  private readonly epoch: number;
  private open: boolean;
  private told: Promise<void> | null = null;

  constructor(ports: ActivityPorts, turn: TurnKey, { session, epoch }: ReadyTurn) {
    this.ports = ports;
    this.turn = turn;
    this.epoch = epoch;
    this.open = session.waiting?.reason === 'provider' || session.waiting?.reason === 'quota';
  }

  /** The provider answers: the wait is over, whatever becomes of the answer. */
  answers(): void {
    if (!this.open || this.told) return;
    const { database, repositories, events } = this.ports;
    this.told = database
      .transaction(async (tx) => {
        await repositories.fenceStep(tx, stepId(this.turn), this.epoch);
        await this.write(tx);
      })
      .then(() => {
        this.open = false;
        events.notify(sessionStream(this.turn.sessionId));
      })
      // the answer's own transaction says it then
      .catch(() => undefined);
  }

  /** Nothing of it is being written any more. */
  async settled(): Promise<void> {
    await this.told;
  }

  /** Ends it with the answer. */
  async end(tx: Transaction): Promise<void> {
    if (this.open) await this.write(tx);
  }

  private async write(tx: Transaction): Promise<void> {
    const { repositories } = this.ports;
    const { sessionId, stage, run } = this.turn;
    await repositories.updateSession(tx, sessionId, { waiting: null });
    const key = `${stepId(this.turn)}/provider/${this.epoch}`;
    const over: NewEvent = { key, type: 'waiting', stage, run, data: { reason: null } };
    await repositories.appendEvents(tx, sessionStream(sessionId), [over]);
  }
}
