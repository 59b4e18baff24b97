/** What is told of an order that the ledger has, or will have: what holds later, is refused or was taken back. */

import { columnKeys } from '../../../core/column-keys.ts';
import { firstStage } from '../../../core/decisions.ts';
import { STAGES, type Stage } from '../../../core/stages.ts';
import type { Ordered } from '../facts.ts';
import { type Clause, changesSomething } from '../reading/clause.ts';
import { type Detail, keyOfDetail } from '../reading/detail.ts';
import type { SpokenRequest } from '../reading/spoken-orders.ts';
import { orderOf, STAGE_TITLES } from './replies.ts';

/** Said once of what a person has changed in words. */
export const HOW_BACK = 'Say “undo” to take it back, or change it on Decisions.';

/** What of a clause is to be told as done now, and the sentences about the rest. */
export function settledParts(
  ordered: Clause,
  { outcome, undo }: Pick<SpokenRequest, 'outcome' | 'undo'>,
  names: readonly string[],
): { now: Clause | null; sentences: string[] } {
  if (outcome === null) return { now: null, sentences: [] };
  if (undo && outcome.undone === false && outcome.decided.length === 0)
    return { now: null, sentences: ['There is no change of yours to take back.'] };
  const later = keysOf(outcome.decided.filter(({ holds }) => holds === 'later'));
  const refused = keysOf(outcome.refused);
  const of = columnKeys([...new Set(names)]);
  const clause = withConcerned(ordered, outcome, of);
  const waits = partOf(clause, (key) => later.has(key), of);
  const fails = partOf(clause, (key) => refused.has(key), of);
  const now = partOf(clause, (key) => !later.has(key) && !refused.has(key), of);
  const sentences = [
    ...(changesSomething({ ...waits, undo: false }) ? [laterWords(waits, outcome)] : []),
    ...(changesSomething({ ...fails, undo: false }) ? [refusedWords(outcome)] : []),
    ...(undo
      ? [
          backWords(
            outcome,
            partOf(clause, () => true, of),
          ),
        ]
      : []),
  ];
  return { now: changesSomething({ ...now, undo: false }) ? { ...now, undo: false } : null, sentences };
}

/** The clause whose details say which columns they came to, where the words name none. */
function withConcerned(clause: Clause, { decided }: Ordered, keys: ReadonlyMap<string, string>): Clause {
  const made = keysOf(decided);
  const details = clause.details.map((detail) => {
    const isMade = ([, key]: [string, string]) => made.has(keyOfDetail(detail.about, key));
    return { ...detail, concerned: [...keys].filter(isMade).map(([name]) => name) };
  });
  return { ...clause, details };
}

const keysOf = (rows: readonly { key: string }[]): Set<string> => new Set(rows.map(({ key }) => key));

/** The clause with only those of its orders whose key is asked for; what is none of the ledger stays with the rest. */
function partOf(clause: Clause, isPart: (key: string) => boolean, keys: ReadonlyMap<string, string>): Clause {
  const hasUse = (name: string) => isPart(`column.${keys.get(name)}.use`);
  const { target, metric, model, swap, revoked } = clause;
  const isOfColumns = revoked === null || revoked.columns.length === 0 || revoked.columns.some(hasUse);
  const isOthers = isPart('');
  return {
    ...clause,
    excluded: clause.excluded.filter(hasUse),
    included: clause.included.filter(hasUse),
    only: clause.only.some(hasUse) ? clause.only : [],
    swap: swap !== null && (hasUse(swap.to) || isPart('target')) ? swap : null,
    target: target !== null && isPart('target') ? target : null,
    metric: metric !== null && isPart('metric') ? metric : null,
    model: model !== null && isPart('model.choice') ? model : null,
    revoked: isOfColumns && (isOthers || revoked?.columns.length) ? revoked : null,
    withoutModels: isOthers ? clause.withoutModels : [],
    effort: isOthers ? clause.effort : null,
    split: isPart('split.by') || isPart('split.strategy') ? clause.split : null,
    kinds: clause.kinds.filter(({ column }) => isPart(`column.${keys.get(column)}.kind`)),
    repeats: isPart('rows.repeats') ? clause.repeats : null,
    details: clause.details.filter((detail) => isDetailPart(detail, isPart, keys)),
  };
}

function isDetailPart(
  { about, columns }: Detail,
  isPart: (key: string) => boolean,
  keys: ReadonlyMap<string, string>,
): boolean {
  const names = columns.length > 0 ? columns : [...keys.keys()];
  return names.some((name) => isPart(keyOfDetail(about, keys.get(name) ?? name)));
}

/** The first stage that runs again for it. */
function stageOf({ anew, decided }: Ordered): Stage {
  const concerned = decided
    .filter(({ holds }) => holds === 'later')
    .map(({ key, withdrawn }) => (withdrawn ? 'eda' : (firstStage(key) ?? 'train')));
  return anew[0] ?? STAGES.find((stage) => concerned.includes(stage)) ?? 'eda';
}

const laterWords = (clause: Clause, outcome: Ordered): string =>
  `“${orderOf(clause)}” concerns ${STAGE_TITLES[stageOf(outcome)]}, which runs again when this stage has ended, and ` +
  'what builds on it after it.';

/** What came of an order after the last stage. */
export function followedWords(clause: Clause, outcome: Ordered): string {
  const { decided, refused } = outcome;
  if (clause.undo && outcome.undone === false && decided.length === 0)
    return 'There is no change of yours to take back.';
  const later = decided.some(({ holds }) => holds === 'later');
  const order = `“${orderOf({ ...clause, undo: false })}”`;
  const again = `${STAGE_TITLES[stageOf(outcome)]} runs again now, and what builds on it after it`;
  const sentences = [
    ...(clause.undo
      ? [backWords({ ...outcome, anew: [] }, clause), ...(later ? [`${capital(again)}.`] : [])]
      : []),
    ...(!clause.undo && later ? [`${order} is your decision: ${again}.`] : []),
    ...(!clause.undo && !later && refused.length === 0
      ? [`${order} is so already; nothing is made anew.`]
      : []),
    ...(refused.length > 0 ? [refusedWords(outcome)] : []),
    ...(decided.length > 0 && !clause.undo ? [HOW_BACK] : []),
  ];
  return sentences.join(' ');
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const refusedWords = ({ refused }: Ordered): string =>
  `That is not possible, so nothing changes: ${[...new Set(refused.map(({ why }) => why))].join(' ')}`;

/** What was taken back, beside what the clause orders itself. */
function backWords({ decided, anew }: Ordered, { excluded, included, target }: Clause): string {
  const isNew = excluded.length + included.length > 0 || target !== null;
  const back = decided.map(backOf);
  const reported = isNew || back.length === 0 ? '' : ` ${listedPlainly(back)}.`;
  const again = anew.length === 0 ? '' : ` ${listedPlainly(anew)} run again when this stage has ended.`;
  return `I take the last change back${reported === '' ? '.' : `:${reported}`}${again}`;
}

function backOf({ key, value, withdrawn }: Ordered['decided'][number]): string {
  const column = /^column\.(.+)\.use$/u.exec(key)?.[1];
  if (column !== undefined)
    return withdrawn
      ? `whether \`${column}\` is used is left to me again`
      : `\`${column}\` is ${value} again`;
  return withdrawn ? `\`${key}\` is left to me again` : `\`${key}\` is ${String(value)} again`;
}

const listedPlainly = (parts: readonly string[]): string => parts.join(', ');

/** What was told as done when it was said, and the ledger has refused since. */
export const refusalsIn = (orders: readonly SpokenRequest[], turn: number): string[] =>
  orders
    .filter(({ answered, turn: reported }) => answered === turn && reported < turn)
    .flatMap(({ spoken, outcome }) =>
      (outcome?.refused ?? []).length === 0
        ? []
        : [`“${spoken.slice(0, 120)}”: ${refusedWords(outcome as Ordered)}`],
    );
