/** The ledger of a session: what was decided, by whom and why; and what a person decides instead. */

import { randomUUID } from 'node:crypto';
import type { Decision } from '../../core/decisions.ts';
import type { Command, CommandContext, Values } from '../command.ts';
import { usageError } from '../exit-code.ts';
import { Decided, Ledger } from '../records.ts';

export const decisions: Command = {
  name: 'decisions',
  usage: 'ID [--history] [--set KEY=VALUE]… [--unset KEY]… [--fork] [--rerun] [--dry-run]',
  summary:
    'Lists what was decided in a session, by whom and why; with --set decides otherwise, with --unset leaves ' +
    'it to the agent again, in a fork or by running again what it concerns.',
  options: {
    history: { type: 'boolean' },
    set: { type: 'string', multiple: true },
    unset: { type: 'string', multiple: true },
    fork: { type: 'boolean' },
    rerun: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
  },
  arguments: [1, 1],
  async run(context, [id = ''], values) {
    const changes = changesOf(values);
    if (changes.length > 0) return change(context, id, { changes, values });
    for (const flag of ['fork', 'rerun', 'dry-run'])
      if (values[flag] === true) throw usageError(`--${flag} needs --set KEY=VALUE or --unset KEY.`);
    return list(context, id, values.history === true);
  },
};

async function list({ api, output }: CommandContext, id: string, history: boolean): Promise<undefined> {
  const path = `/api/sessions/${id}/decisions${history ? '?history=true' : ''}`;
  const { items, queued } = await (await api()).request(Ledger, path);
  if (output.format !== 'table') {
    output.result({ decisions: items, queued });
    return undefined;
  }
  const listed = history ? items : [...items, ...queued];
  output.result(listed.map((decision) => decisionRow(decision, history)));
  return undefined;
}

async function change(
  { api, output }: CommandContext,
  id: string,
  { changes, values }: { changes: Change[]; values: Values },
): Promise<undefined> {
  if (values.fork === true && values.rerun === true) throw usageError('Give --fork or --rerun, not both.');
  const how = values.rerun === true ? 'rerun' : 'fork';
  const json = { changes, how, dry_run: values['dry-run'] === true };
  const path = `/api/sessions/${id}/decisions`;
  const done = await (await api()).request(Decided, path, { json, idempotencyKey: randomUUID() });
  output.result(done);
  if (output.format === 'table') output.say(changeWords(done));
  return undefined;
}

interface Change {
  key: string;
  value?: unknown;
  withdraw?: true;
}

function changesOf(values: Values): Change[] {
  const listed = (given: Values[string]) => (Array.isArray(given) ? given.map(String) : []);
  const left = listed(values.unset).map((key) => ({ key, withdraw: true as const }));
  const set = listed(values.set).map((each) => {
    const [, key = '', value = ''] = /^([^=]+)=(.*)$/s.exec(each) ?? [];
    if (key === '') throw usageError(`--set takes KEY=VALUE, such as split.by=patient, not '${each}'.`);
    return { key, value: parsedValue(value) };
  });
  return [...set, ...left];
}

/** JSON where it is some, else the text itself: names need no quotes. */
function parsedValue(given: string): unknown {
  try {
    return JSON.parse(given) as unknown;
  } catch {
    return given; // a name
  }
}

/** What the changes come to; a run that was taken over was neither computed nor paid again. */
export function changeWords({ changes, how, anew, adopted, queued, dry_run }: Decided): string {
  if (changes.length === 0) return 'Nothing differs from what is in force.';
  const what = changes.length === 1 ? '1 change' : `${changes.length} changes`;
  if (how === 'here') return `${what}: nothing has to be made anew.`;
  const where = how === 'fork' ? 'in a fork' : queued ? 'here, when the stage that runs has ended' : 'here';
  const made = anew.filter((stage) => adopted.every((each) => each.stage !== stage));
  const verb = dry_run ? 'would be' : made.length === 1 ? 'is' : 'are';
  const work = made.length === 0 ? [] : [`${made.join(', ')} ${verb} made anew ${where}`];
  const taken = adopted.map(({ stage, of }) => `${stage} is as run ${of} had made it, nothing was computed`);
  return `${what}: ${[...taken, ...work].join('; ')}.`;
}

/** A line of the list; where it was kept from and that it is to be confirmed stands only where it is so. */
export function decisionRow(decision: Decision, history: boolean): Record<string, string> {
  const { stage, key, value, by, standing, reason, inherited_from, to_confirm } = decision;
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return {
    ...{ stage: stage ?? '', key, value: shown, by },
    ...(inherited_from !== null && { from: inherited_from }),
    ...(to_confirm && { note: 'to confirm' }),
    ...((history || standing !== 'in_force') && { standing }),
    reason,
  };
}
