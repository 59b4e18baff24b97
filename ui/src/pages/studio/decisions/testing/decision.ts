/** Rows of a ledger for tests: what is not said is that of a plain decision in force. */

import type { Decision } from '../../../../lib/api/types.ts';

let count = 0;

export function decision(fields: Partial<Decision> & Pick<Decision, 'key'>): Decision {
  count += 1;
  return {
    ...{ id: `d${count}`, session_id: 's', stage: 'eda', run: 1, value: null, alternatives: [], reason: '' },
    ...{ evidence: null, confidence: null, by: 'rule', step_id: null, position: count },
    ...{ standing: 'in_force', superseded_by: null, created_at: '2026-01-01T00:00:00Z' },
    ...{ inherited_from: null, to_confirm: false, withdraws: false },
    ...fields,
  };
}
