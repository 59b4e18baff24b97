/**
 * The end of a wait for the model's provider: told as soon as something of an answer comes, at the latest with the
 * answer. That it waits is the workflow's word; which answer ends it only the call knows.
 */

import { inSession, updateSession, type Writing } from '../db/index.ts';
import type { TurnKey } from '../workflows/contract/activities.ts';
import { stepId } from './keys.ts';
import type { ActivityPorts } from './ports.ts';
import type { ReadyTurn } from './turn-request.ts';

export class ProviderWait {
  private readonly ports: ActivityPorts;
  private readonly turn: TurnKey;
  private readonly epoch: number;
  private open: boolean;
  private written: Promise<void> | null = null;

  constructor(ports: ActivityPorts, turn: TurnKey, { session, epoch }: ReadyTurn) {
    this.ports = ports;
    this.turn = turn;
    this.epoch = epoch;
    this.open = session.waiting?.reason === 'provider' || session.waiting?.reason === 'quota';
  }

  /** The provider answers: the wait is over, whatever becomes of the answer. */
  answers(): void {
    if (!this.open || this.written) return;
    const { sessionId } = this.turn;
    const attempt = { step: stepId(this.turn), epoch: this.epoch };
    this.written = inSession(this.ports, { sessionId, attempt }, (tx, tell) => this.write({ tx, tell }))
      .then(() => {
        this.open = false;
      })
      // the answer's own transaction says it then
      .catch(() => undefined);
  }

  /** Nothing of it is being written any more. */
  async settled(): Promise<void> {
    await this.written;
  }

  /** Ends it with the answer. */
  async end(writing: Writing): Promise<void> {
    if (this.open) await this.write(writing);
  }

  private async write({ tx, tell }: Writing): Promise<void> {
    const { sessionId, stage, run } = this.turn;
    await updateSession(tx, sessionId, { waiting: null });
    const key = `${stepId(this.turn)}/provider/${this.epoch}`;
    await tell({ key, type: 'waiting', stage, run, data: { reason: null } });
  }
}
