/** A card of the gallery: an experiment with what its last session came to. */

import type { ListedExperiment, Session } from '../../lib/api/types.ts';
import { needsPerson } from '../../lib/live/stage-states.ts';
import { matchScore } from '../../lib/shell/palette-actions.ts';
import { bestOf, type Facts } from './facts.ts';

export const SORTS = ['active', 'newest', 'name', 'cost', 'score'] as const;
export type Sort = (typeof SORTS)[number];
export const SORT_NAMES: Readonly<Record<Sort, string>> = {
  active: 'Last active',
  newest: 'Newest',
  name: 'Name',
  cost: 'Cost',
  score: 'Best score',
};

export interface Card {
  experiment: ListedExperiment;
  /** The newest session, from which state and cost are told. */
  session: Session | null;
  sessions: number;
  /** The session that asks a person something: this one, else another of the experiment. */
  asking: Session | null;
  /** The column that is predicted: as asked for, else as the agent chose it; null before it has. */
  target: string | null;
  facts: Facts | null;
  /** ISO time of the last change. */
  activeAt: string;
}

/** @param known.chosen the target that an agent chose */
export function toCard(
  experiment: ListedExperiment,
  sessions: readonly Session[],
  { facts, chosen }: { facts: Facts | null; chosen: string | null },
): Card {
  const session = sessions[0] ?? null;
  const activeAt = session?.updated_at ?? experiment.created_at;
  const target = experiment.target ?? chosen;
  const asking = sessions.find(needsPerson) ?? null;
  return { experiment, session, sessions: sessions.length, asking, target, facts, activeAt };
}

/** True where an agent has chosen a target, and only its model tells which. */
export const choseTarget = ({ experiment, facts }: Pick<Card, 'experiment' | 'facts'>): boolean =>
  experiment.target === null && facts?.results.train !== undefined;

/** The cards that answer `query`: first those that wait for a person, then in the order asked for. */
export function arrange(cards: readonly Card[], query: string, sort: Sort): Card[] {
  const found = cards.filter(({ experiment, target }) => {
    const { name, description, dataset } = experiment;
    const files = dataset.files.map((file) => file.name).join(' ');
    return matchScore(`${name} ${target ?? ''} ${description} ${files}`, query) > 0;
  });
  const waits = ({ asking }: Card): number => (asking === null ? 0 : 1);
  return found.sort((a, b) => waits(b) - waits(a) || compare(a, b, sort));
}

function compare(a: Card, b: Card, sort: Sort): number {
  if (sort === 'name') return a.experiment.name.localeCompare(b.experiment.name, 'en', { numeric: true });
  if (sort === 'cost') return (b.facts?.cost ?? 0) - (a.facts?.cost ?? 0);
  if (sort === 'score') return gain(b) - gain(a);
  const key = (card: Card): string => (sort === 'newest' ? card.experiment.created_at : card.activeAt);
  return key(b).localeCompare(key(a));
}

/** Scores of different tables compare by what they gain over the baseline; without one they come last. */
function gain({ facts }: Card): number {
  const score = bestOf(facts);
  return score?.final ? (score.gain ?? Number.NEGATIVE_INFINITY) : Number.NEGATIVE_INFINITY;
}
