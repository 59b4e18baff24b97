/** What is answered at once to a message in the middle of a stage: how it was understood, and what cannot be followed. */

import type { ProblemType } from './facts.ts';
import { readFindings } from './facts.ts';
import { listed } from './prose.ts';
import type { StageView } from './stage-view.ts';
import { readWishes, unmetMetric, type Wishes } from './wishes.ts';

const LONGEST_QUOTE = 120;
const TAIL =
  'Beyond a target, columns to leave out, a metric and what to ask first I follow nothing offline. ';

/** Empty when nothing was said since the last answer; validation's errors are answered by mending. */
export function acknowledge(view: StageView): string {
  const words = view.fresh.filter((text) => view.said.includes(text));
  const stage = view.facts?.stage;
  if (words.length === 0 || stage === undefined) return '';
  const known = columnsOf(view);
  const told = words.map((text) => {
    const quoted = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE - 1)}…` : text;
    const understood = understand(readWishes([text], known.columns), stage, known.problem);
    if (understood.length > 0) return `You said “${quoted}”: ${understood.join(' ')}`;
    if (known.columns.length === 0)
      return `You said “${quoted}”: noted; I read it again when I know the columns.`;
    return `You said “${quoted}”: I find nothing in it that I can follow, so nothing changes.`;
  });
  return `${told.join(' ')} ${TAIL}`;
}

function understand(wishes: Wishes, stage: 'eda' | 'prep' | 'train', problem: ProblemType | null): string[] {
  const told: string[] = [];
  if (wishes.target !== null)
    told.push(
      stage === 'eda'
        ? `I predict \`${wishes.target}\`.`
        : `The target was settled in the exploration; to predict \`${wishes.target}\` start that stage again.`,
    );
  if (wishes.excluded.length > 0)
    told.push(
      stage === 'train'
        ? `Columns are left out in the preparation; to do without ${listed(wishes.excluded)} start that stage again.`
        : `I leave out ${listed(wishes.excluded)}.`,
    );
  if (wishes.metric !== null || wishes.unknownMetric !== null) told.push(metricWords(wishes, problem));
  if (wishes.askFirst.length > 0) told.push('I ask you before I do that.');
  return told;
}

function metricWords(wishes: Wishes, problem: ProblemType | null): string {
  const [unmet] = problem === null && wishes.metric !== null ? [] : unmetMetric(wishes, problem ?? 'binary');
  if (unmet !== undefined) return unmet;
  const note = wishes.metricNote === null ? '' : ` (${wishes.metricNote})`;
  return `The model is chosen and judged by ${wishes.metric}${note}.`;
}

/** The columns and the kind of problem as far as scripts of this stage have told them. */
function columnsOf(view: StageView): { columns: string[]; problem: ProblemType | null } {
  const columns = new Set<string>();
  let problem = view.facts?.problem_type ?? null;
  for (const { name, output, ok } of view.runs) {
    if (!ok) continue;
    if (name === 'eda_profile')
      for (const column of readFindings(name, output)?.columns ?? []) columns.add(column.name);
    if (name !== 'prep_audit' && name !== 'train_look') continue;
    const found = readFindings(name, output);
    problem = found?.problem_type ?? problem;
    const names = found && 'feature_names' in found ? found.feature_names : (found?.features ?? []);
    if (Array.isArray(names)) for (const column of names) columns.add(column);
    if (found) columns.add(found.target);
  }
  return { columns: [...columns], problem };
}
