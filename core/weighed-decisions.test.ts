import { type LedgerRow, readLedger } from './decisions.ts';
import { withWeighed } from './weighed-decisions.ts';

const row = (fields: Partial<LedgerRow>): LedgerRow => ({
  ...{ id: 'a', session_id: 's', stage: 'eda', run: 1, key: 'rows.left_out', value: ['footnote'] },
  ...{ alternatives: [{ value: [], changes: 'all lines are rows' }], reason: 'it reads so', evidence: null },
  ...{
    confidence: null,
    by: 'agent',
    withdraws: false,
    step_id: 't',
    inherited_from: null,
    to_confirm: false,
  },
  ...{ position: 1, created_at: '', yields: false, queued: false, step_state: 'done', change: null },
  ...{ undoes: null },
  ...fields,
});
const person = { id: 'b', by: 'person' as const, run: null, position: 2, alternatives: [], value: [] };

test('a person’s decision has beside it what a script chose, and what it weighed', () => {
  const ledger = readLedger(
    [row({}), row(person)],
    [{ stage: 'eda', run: 1, state: 'done', stale: false } as never],
  );
  expect(withWeighed(ledger).find(({ by }) => by === 'person')?.alternatives).toEqual([
    { value: ['footnote'], changes: 'it reads so' },
  ]);
});

test('a script’s decision keeps its own, and what a lost step said is no alternative', () => {
  const ledger = readLedger([row({ step_state: 'failed' }), row(person)], []);
  expect(withWeighed(ledger).map(({ alternatives }) => alternatives)).toEqual([
    [{ value: [], changes: 'all lines are rows' }],
    [],
  ]);
});
