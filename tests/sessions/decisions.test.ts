/**
 * What scripts decide, through the whole platform: it counts once its step is done, the person's holds, and a fork has
 * what was decided by then.
 */

import type { Decision } from '../../core/decisions.ts';
import type { Session } from '../../core/records.ts';
import {
  code,
  finish,
  type ScriptedPlatform,
  type ScriptedTurn,
  startEda,
  VALID_EDA,
} from '../platform/scripted.ts';
import { takeScripted } from '../platform/shared.ts';

const decides = code(
  'decides',
  `
from tempera import decide
print(decide('split.by', 'island', 'birds of an island are alike', alternatives=[{'value': None, 'changes': 'none'}]))
print(decide('target', 'body_mass_g', 'it is a number'))
`,
);
const fails = code('fails', "from tempera import decide\ndecide('metric', 'accuracy')\nraise SystemExit(3)");
const report = code('report', `${VALID_EDA}\nprint(pathlib.Path('decisions.json').read_text())`);
const turns: ScriptedTurn[] = [[decides], [fails], [report], [finish('done')]];

interface Ledger {
  items: Decision[];
}
const rowsOf = ({ items }: Ledger) =>
  items.map(({ key, value, by, stage, run, standing }) => ({ key, value, by, stage, run, standing }));

describe('a script’s decisions', () => {
  let scripted: ScriptedPlatform;
  let session: string;
  beforeAll(async () => {
    scripted = await takeScripted({ eda: turns });
    session = await startEda(scripted);
    await rest().waitFor(session, ['eda_done']);
  }, 240_000);
  afterAll(() => scripted?.stop(), 60_000);

  const rest = () => scripted.platform.rest;
  const ledger = (id: string, query = '') => rest().get<Ledger>(`/api/sessions/${id}/decisions${query}`);
  const given = {
    key: 'target',
    value: 'species',
    by: 'person',
    stage: 'eda',
    run: null,
    standing: 'in_force',
  };
  const chosen = {
    key: 'split.by',
    value: 'island',
    by: 'agent',
    stage: 'eda',
    run: 1,
    standing: 'in_force',
  };

  test('count once their step is done; what a person decided holds, and a failed step’s are dropped', async () => {
    expect(rowsOf(await ledger(session))).toEqual([given, chosen]);
    expect(rowsOf(await ledger(session, '?history=true'))).toEqual([
      given,
      chosen,
      { ...given, value: 'body_mass_g', by: 'agent', run: 1, standing: 'yielded' },
      { ...chosen, key: 'metric', value: 'accuracy', standing: 'dropped' },
    ]);
    const events = await rest().events(session);
    const items = events.filter(({ type }) => type === 'decisions').flatMap(({ data }) => data.items);
    expect(items).toMatchObject([{ key: 'split.by' }, { key: 'target', yields: true }, { key: 'metric' }]);
    const printed = events.filter(({ type }) => type === 'code_output').map(({ data }) => data.text);
    expect(printed.join('')).toContain('island\nspecies\n');
  });

  test('stand in decisions.json, as they were where the last script began', async () => {
    const file = await rest().get<{ decisions: object[] }>(`/api/sessions/${session}/files/decisions.json`);
    expect(file.decisions).toMatchObject([
      { key: 'target', value: 'species', by: 'person' },
      { key: 'split.by', value: 'island', by: 'agent', stage: 'eda', reason: 'birds of an island are alike' },
    ]);
  });

  test('go into a fork as far as they had been made, under ids of its own', async () => {
    const steps = await rest().steps(session);
    const step = steps.find(({ title }) => title === 'decides');
    const forked = (await rest().send<Session>('POST', `/api/sessions/${session}/fork`, { step: step?.id }))
      .body;
    const copied = await ledger(forked.id, '?history=true');
    expect(rowsOf(copied)).toEqual([
      given,
      chosen,
      { ...given, value: 'body_mass_g', by: 'agent', run: 1, standing: 'yielded' },
    ]);
    const origin = await ledger(session, '?history=true');
    expect(copied.items.some(({ id }) => origin.items.some((each) => each.id === id))).toBe(false);
  });
});
