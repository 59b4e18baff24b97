/** Orders in words as the scripted model hears them: read by the offline agent's own reader, put into the ledger. */

import type { DecisionChange } from '../../core/decision-changes.ts';
import { changesSomething } from '../../models/autopilot/reading/clause.ts';
import { readClauses } from '../../models/autopilot/reading/clauses.ts';
import { Decided } from '../../models/autopilot/reading/decided-so-far.ts';
import { changesIn } from '../../models/autopilot/reading/ledger-changes.ts';
import type { Script } from '../anthropic-server/script.ts';
import { tool } from './scripted.ts';

export const PENGUIN_COLUMNS = [
  ...['species', 'island', 'bill_length_mm', 'bill_depth_mm', 'flipper_length_mm', 'body_mass_g', 'sex'],
];
const FEATURES = PENGUIN_COLUMNS.filter((name) => name !== 'sex');

/** What the reader makes of a sentence about the penguins, of which `sex` is predicted. */
export function changesSpoken(sentence: string): { changes: DecisionChange[]; undo: boolean } {
  const target = 'sex';
  const decided = new Decided(null, { columns: PENGUIN_COLUMNS, target });
  const table = { columns: PENGUIN_COLUMNS, features: FEATURES, target, problem: null, decided };
  const clauses = readClauses(sentence, PENGUIN_COLUMNS).filter(changesSomething);
  const changes = clauses.flatMap((clause) => changesIn(clause, table).changes);
  return { changes, undo: clauses.some(({ undo }) => undo) };
}

/** The script, with one of the sentences as the last message answered by what it changes. */
export const hearing =
  (script: Script, sentences: readonly string[]): Script =>
  async (request, call) => {
    const last = JSON.stringify(request.messages.at(-1)?.content ?? '');
    // a stage's brief, its first message, may quote what was said before
    const isFollowUp = request.messages.length > 1;
    const spoken = isFollowUp ? sentences.find((sentence) => last.includes(sentence)) : undefined;
    const answered = request.messages.filter(({ role }) => role === 'assistant').length;
    // the ledger's answer repeats the words
    if (last.includes('toolu_w_'))
      return { kind: 'answer', content: [{ type: 'text', text: 'It is done.' }] };
    if (spoken !== undefined) {
      const { changes, undo } = changesSpoken(spoken);
      const input = { spoken, changes, ...(undo ? { undo: true } : {}) };
      return { kind: 'answer', content: [{ ...tool('change_decision', input), id: `toolu_w_${answered}` }] };
    }
    return script(request, call);
  };
