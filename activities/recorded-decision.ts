/** record_decision: what an agent without code chooses, as a row; its result is the value in force. */

import { EARLIER_STAGE, OTHER_SESSION } from '../core/data-sharing.ts';
import { binds, type Decision, inForce, ProposalSchema } from '../core/decisions.ts';
import { derivedId } from '../core/ids.ts';
import { insertDecisions, sessionLedger, type Transaction } from '../db/index.ts';
import type { ToolCall } from '../workflows/contract/activities.ts';
import type { ToolResult } from './call-records.ts';
import { decisionEvents } from './decision-records.ts';
import { stepId } from './keys.ts';

type Parsed = { ok: true; input: Record<string, unknown> } | { ok: false; message: string };

/** Writes the row, once; it yields where a person, another session or an earlier stage had decided. */
export async function recordDecision(tx: Transaction, call: ToolCall, parsed: Parsed): Promise<ToolResult> {
  const proposal = parsed.ok ? ProposalSchema.safeParse(parsed.input) : null;
  if (!parsed.ok || !proposal?.success) {
    const why = parsed.ok ? 'The decision is too large, or its key is no dotted word.' : parsed.message;
    return { content: why, isError: true, events: [] };
  }
  const { sessionId, stage, run } = call;
  const held = inForce(await sessionLedger(tx, sessionId)).get(proposal.data.key);
  const yields = held !== undefined && binds(held, stage);
  const id = derivedId('decision', stepId(call, call.call.id));
  const row = { ...proposal.data, id, session_id: sessionId, stage, run, by: 'agent' as const, yields };
  await insertDecisions(tx, [row]);
  const events = decisionEvents([row], { key: `${stepId(call, call.call.id)}/decision`, stage, run });
  if (!yields) return { content: 'Recorded.', isError: false, events };
  const content = `${whose(held)}: ${JSON.stringify(held.value)} holds for ${row.key}. Follow it.`;
  return { content, isError: false, events };
}

function whose({ by, inherited_from }: Decision): string {
  if (by === 'person') return 'The person has decided it';
  return inherited_from === null ? EARLIER_STAGE : OTHER_SESSION;
}
