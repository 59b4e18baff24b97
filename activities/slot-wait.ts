/**
 * Tells everybody that an execution waits for a slot of its host, once it has waited for a moment, and that the wait is
 * over when its code runs or never will. An attempt that attaches ends the wait that a former one had told of.
 */

import { heard } from '../core/heard.ts';
import type { Waiting } from '../core/session-state.ts';
import { getSession, inSession, updateSession } from '../db/index.ts';
import type { ExecutionPlan } from './execution-plan.ts';
import { ownerOf } from './keys.ts';
import type { ActivityPorts } from './ports.ts';

/** Milliseconds of waiting that nobody needs to be told of. */
const QUIET_MS = 1_000;

export class SlotWait {
  private readonly timer: NodeJS.Timeout;
  private written: Promise<void> | null = null;
  private over = false;

  private readonly ports: ActivityPorts;
  private readonly plan: ExecutionPlan;
  private readonly execution: number;

  constructor(ports: ActivityPorts, plan: ExecutionPlan, execution: number) {
    this.ports = ports;
    this.plan = plan;
    this.execution = execution;
    this.timer = setTimeout(() => {
      // awaited by `end`, which tells of its failure
      this.written = heard(this.write({ reason: 'slot', ...(plan.gpus > 0 ? { subject: 'gpu' } : {}) }));
    }, QUIET_MS);
  }

  /** Fine to be called again. */
  async end(): Promise<void> {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.timer);
    await this.written;
    if (this.written !== null || (await this.isWritten())) await this.write(null);
  }

  private async isWritten(): Promise<boolean> {
    const { call, step } = this.plan;
    if (step.execution === 0) return false;
    const { database } = this.ports;
    const session = await getSession(database, ownerOf(call), call.sessionId);
    return session?.waiting?.reason === 'slot';
  }

  private async write(waiting: Waiting | null): Promise<void> {
    const { call, step, epoch } = this.plan;
    const { sessionId, stage, run } = call;
    const key = `${step.id}/${this.execution}/slot/${epoch}/${waiting === null ? 'over' : 'waiting'}`;
    const { reason = null, subject } = waiting ?? {};
    const data = { reason, ...(subject === undefined ? {} : { subject }) };
    const attempt = { step: step.id, epoch };
    await inSession(this.ports, { sessionId, attempt }, async (tx, tell) => {
      await updateSession(tx, sessionId, { waiting });
      await tell({ key, type: 'waiting', stage, run, data });
    });
  }
}
