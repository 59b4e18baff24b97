/** What a pipeline came to: the same table and the same decisions come to the same, whatever was killed meanwhile. */

import { z } from 'zod';
import { withDatabase } from '../platform/invariants.ts';
import type { TestPlatform } from '../platform/platform.ts';

export const OutcomeSchema = z.object({
  /** Each call of a model, tool and validation, in order. */
  steps: z.array(z.string()),
  /** Each file that is shown. */
  artifacts: z.array(z.string()),
  /** How many points each metric has, with their sum. */
  metrics: z.array(z.string()),
});
export type Outcome = z.infer<typeof OutcomeSchema>;

const STATEMENTS: Record<keyof Outcome, string> = {
  steps: `select concat_ws(' ', stage, run, turn, kind, tool, title, state) as line
    from steps where session_id = $1 order by stage, run, turn, kind, call`,
  artifacts: `select concat_ws(' ', stage, run, type, path) as line
    from artifacts where session_id = $1 order by line`,
  metrics: `select concat_ws(' ', stage, run, run_tag, name, count(*), round(sum(value)::numeric, 9)) as line
    from metrics where session_id = $1 group by stage, run, run_tag, name order by line`,
};

export function readOutcome(platform: TestPlatform, session: string): Promise<Outcome> {
  return withDatabase(platform, async (database) => {
    const lines = async (what: keyof Outcome): Promise<string[]> => {
      const rows = await database.query<{ line: string }>(STATEMENTS[what], [session]);
      return rows.map(({ line }) => line);
    };
    return {
      steps: await lines('steps'),
      artifacts: await lines('artifacts'),
      metrics: await lines('metrics'),
    };
  });
}
