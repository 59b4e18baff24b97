/** The ledger of a session: what was decided, by whom and why. */

import type { Decision } from '../../core/decisions.ts';
import type { Command } from '../command.ts';
import { Ledger } from '../records.ts';

export const decisions: Command = {
  name: 'decisions',
  usage: 'ID [--history]',
  summary:
    'Lists what was decided in a session, by whom and why; with --history what is in force no more, too.',
  options: { history: { type: 'boolean' } },
  arguments: [1, 1],
  async run({ api, output }, [id = ''], values) {
    const history = values.history === true;
    const path = `/api/sessions/${id}/decisions${history ? '?history=true' : ''}`;
    const { items, queued } = await (await api()).request(Ledger, path);
    if (output.format !== 'table') {
      output.result({ decisions: items, queued });
      return undefined;
    }
    const listed = history ? items : [...items, ...queued];
    output.result(listed.map((decision) => row(decision, history)));
    return undefined;
  },
};

function row({ stage, key, value, by, standing, reason }: Decision, history: boolean) {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  const tells = history || standing !== 'in_force';
  return { stage: stage ?? '', key, value: shown, by, ...(tells ? { standing } : {}), reason };
}
