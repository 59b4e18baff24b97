/** By what a training compares and judges, after all that was ordered. */

import type { Facts, Findings } from '../facts.ts';
import { metricFits, unmetMetric } from '../reading/metrics-named.ts';
import type { Wishes } from '../reading/wishes.ts';
import { decidedValue } from './decided-values.ts';

/** What the candidates are compared and the model is judged by, and which wish about it could not be followed. */
export interface Judged {
  metric: string;
  /** Completes "…, because"; null: the exploration's own reason. */
  reason: string | null;
  unmet: string[];
}

/** The person's words go before the ledger, that before what the splits were prepared for. */
export function judgeBy(facts: Facts, wishes: Wishes, splits: Findings<'train_look'>): Judged {
  const unmet = unmetMetric(wishes, splits.problem_type);
  if (wishes.metric !== null && metricFits(wishes.metric, splits.problem_type))
    return { metric: wishes.metric, reason: wishes.metricNote ?? 'you asked for it', unmet };
  const asked = decidedValue(facts, 'metric');
  if (typeof asked === 'string' && asked !== splits.settled_metric && metricFits(asked, splits.problem_type))
    return { metric: asked, reason: 'it was asked for', unmet };
  const settled = splits.settled_metric ?? splits.metric;
  if (metricFits(settled, splits.problem_type)) return { metric: settled, reason: null, unmet };
  const usual = splits.problem_type === 'regression' ? 'r2' : 'accuracy';
  return { metric: usual, reason: 'it is the usual one for this kind of target', unmet };
}
