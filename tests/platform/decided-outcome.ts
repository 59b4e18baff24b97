/**
 * What a session has come to by its decisions: the ledger, its stage runs, what they left, and what was told and paid.
 * The same decisions over the same table come to the same, whatever was killed meanwhile; ids and times left out.
 */

import type { Decision } from '../../core/decisions.ts';
import { withDatabase } from './invariants.ts';
import type { TestPlatform } from './platform.ts';

export type DecidedOutcome = Record<string, string[]>;

/**
 * Each gives lines. Checkpoints and bases stand by how much they hold: what it is artifacts say by their hashes, and
 * decisions.json names its session.
 */
const STATEMENTS: Record<string, string> = {
  runs: `select concat_ws(' ', r.stage, r.run, r.state, r.reason, case when r.stale then 'stale' end,
      'from', b.files, b.bytes, 'to', c.files, c.bytes) as line
    from stage_runs r left join checkpoints b on b.id = r.base left join checkpoints c on c.id = r.checkpoint
    where r.session_id = $1 order by r.started_at`,
  steps: `select concat_ws(' ', stage, run, turn, kind, tool, title, state) as line
    from steps where session_id = $1 order by stage, run, turn, kind, call`,
  checkpoints: `select concat_ws(' ', stage, run, files, bytes) as line
    from checkpoints where session_id = $1 order by stage, run, position`,
  artifacts: `select concat_ws(' ', stage, run, type, path, sha256, case when stale then 'stale' end) as line
    from artifacts where session_id = $1 order by line`,
  metrics: `select concat_ws(' ', stage, run, name, count(*), round(sum(value)::numeric, 9)) as line
    from metrics where session_id = $1 group by stage, run, name order by line`,
  messages: `select concat_ws(' ', stage, run, turn, role, count(*)) as line
    from messages where session_id = $1 group by stage, run, turn, role order by line`,
  states: `select concat_ws(' ', stage, run, data->>'state',
      regexp_replace(data->>'reason', '[0-9a-f-]{36}', 'ID', 'g')) as line
    from events where stream_id = 'session/' || $1::text and type = 'state_change' order by seq`,
  'decisions of the person, as told': `select concat_ws(' ', item->>'key', item->'value', item->'queued') as line
    from events, jsonb_array_elements(data->'items') item
    where stream_id = 'session/' || $1::text and type = 'decisions' and item->>'by' = 'person' order by seq`,
  'model calls': `select concat_ws(' ', stage, run, turn, state) as line
    from model_calls where session_id = $1 order by stage, run, turn`,
};

export async function readDecided(platform: TestPlatform, session: string): Promise<DecidedOutcome> {
  const { items } = await platform.rest.get<{ items: Decision[] }>(
    `/api/sessions/${session}/decisions?history=true`,
  );
  const rows = await withDatabase(platform, async (database) => {
    const found: DecidedOutcome = {};
    for (const [what, sql] of Object.entries(STATEMENTS)) {
      const lines = await database.query<{ line: string }>(sql, [session]);
      found[what] = lines.map(({ line }) => line);
    }
    return found;
  });
  return { ledger: items.map((row) => ledgerLine(row, items)), ...rows };
}

function ledgerLine(row: Decision, all: readonly Decision[]): string {
  const { id: _id, session_id: _session, step_id, position: _position, created_at: _at, ...fields } = row;
  const follower = all.findIndex(({ id }) => id === row.superseded_by);
  return JSON.stringify({ ...fields, step_id: step_id !== null, superseded_by: follower });
}
