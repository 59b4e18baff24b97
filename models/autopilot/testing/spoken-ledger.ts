/** What the ledger holds when a person has said something in the exploration, and what the agent has answered. */

import type { ModelMessage } from '../../../core/ports/model.ts';
import { acknowledge } from '../answering/acknowledgement.ts';
import { spokenOrders } from '../reading/spoken-orders.ts';
import { viewStage } from '../stage-view.ts';
import { SessionLedger } from './session-ledger.ts';
import { explorationHears, namesOf, type SpokenTable } from './spoken.ts';

const MOST_TURNS = 10;

export function hear(
  table: SpokenTable,
  words: readonly string[],
): { values: Map<string, unknown>; says: string } {
  const ledger = new SessionLedger({ target: table.target }, namesOf(table));
  const messages: ModelMessage[] = explorationHears(table, words);
  const spoken: string[] = [];
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const view = viewStage(messages);
    spoken.push(acknowledge(view));
    const open = spokenOrders(view).filter(({ state }) => state === 'open');
    if (open.length === 0) return { values: ledger.values(), says: spoken.join(' ') };
    const calls = open.map(({ spoken: quote, changes, undo }, at) => ({
      ...{ type: 'tool_use' as const, id: `c${turn}_${at}`, name: 'change_decision' },
      input: { spoken: quote, changes, ...(undo ? { undo } : {}) },
    }));
    messages.push({ role: 'assistant', content: calls });
    const results = calls.map(({ id, input }) => ({
      ...{ type: 'tool_result' as const, tool_use_id: id, content: ledger.change('eda', input) },
    }));
    messages.push({ role: 'user', content: results });
  }
  throw new Error('orders stay open');
}
