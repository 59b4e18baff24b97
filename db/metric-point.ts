/** A point of a metric, and where it comes from, as every way of writing one takes it. */

import type { Metric } from '../core/records.ts';
import type { Stage } from '../core/stages.ts';

/** Where a batch comes from. */
export interface MetricSource {
  session_id: string;
  stage: Stage;
  run: number;
  step_id: string;
  execution: number;
}

/** One point; `value` is null where it was not finite, `flag` then says what it was. */
export type MetricPoint = Pick<Metric, 'run_tag' | 'name' | 'step' | 'value' | 'flag'>;
