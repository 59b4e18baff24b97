/** What is ordered after the last stage, as changes of the ledger, and what came of each. */

import type { Facts, Ordered } from '../facts.ts';
import type { LedgerRequest } from '../next-action.ts';
import { type Clause, changesSomething } from '../reading/clause.ts';
import { Decided } from '../reading/decided-so-far.ts';
import { changesIn } from '../reading/ledger-changes.ts';
import { quoteOf } from '../reading/quotations.ts';
import type { OrderResult } from '../view.ts';
import type { Knowledge } from './knowledge.ts';

export interface FollowUpRequest extends LedgerRequest {
  clause: Clause;
  /** Null while the ledger has not answered. */
  outcome: Ordered | null;
}

/** The orders among what was said, in their order. */
export function followUpOrders(
  spoken: readonly { clause: Clause; text: string }[],
  { known, facts, ordered }: { known: Knowledge; facts: Facts | null; ordered: readonly OrderResult[] },
): FollowUpRequest[] {
  const columns = known.table.map(({ name }) => name);
  const target = known.target?.value ?? null;
  const ofKind = (...kinds: string[]) => columns.filter((name) => kinds.includes(known.types[name] ?? ''));
  const table = {
    ...{ columns, features: known.used, target, problem: known.problem },
    ...{ dates: ofKind('date', 'datetime'), texts: ofKind('text') },
  };
  const decided = new Decided(facts, { columns, target });
  const reported = new Map<string, number>();
  return spoken.flatMap(({ clause, text }): FollowUpRequest[] => {
    if (!changesSomething(clause)) return [];
    const { changes } = changesIn(clause, { ...table, decided });
    if (changes.length === 0 && !clause.undo) return [];
    const quote = quoteOf(clause.text, text);
    const place = reported.get(quote) ?? 0;
    reported.set(quote, place + 1);
    const result = ordered.filter((each) => each.spoken === quote)[place];
    return [{ clause, spoken: quote, changes, undo: clause.undo, outcome: outcomeOf(result, changes) }];
  });
}

function outcomeOf(result: OrderResult | undefined, changes: LedgerRequest['changes']): Ordered | null {
  if (result === undefined) return null;
  const refused = changes.map(({ key }) => ({ key, why: result.why }));
  return result.ordered ?? { decided: [], anew: [], undone: null, refused };
}
