/** Details that came to no change, because no column is known that they could concern. */

import { type Clause, NOTHING } from './clause.ts';
import { openOf } from './detail-words.ts';

/** The clause as one that is asked back, where it orders a detail that nothing came of. */
export function withoutOpenDetails(clause: Clause): Clause {
  const [open] = clause.details;
  if (open === undefined) return clause;
  return { ...NOTHING, text: clause.text, kind: 'order', unfollowed: openOf(open) };
}
