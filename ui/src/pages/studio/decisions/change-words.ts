/** What changes of decisions would do, in words. */

import { type ChangedDecisions, STAGE_NAMES, type Stage } from '../../../lib/api/types.ts';
import { formatQuantity } from '../../../lib/format/numbers.ts';

type Would = Pick<ChangedDecisions, 'stage' | 'queued' | 'how'> & { anew: readonly Stage[] };
type Done = Would & { adopted: readonly ChangedDecisions['adopted'][number][] };

/** `3 changes, from Prep on`. */
export function changesTitle(count: number, would: Would | null): string {
  const changes = formatQuantity(count, 'change');
  return would?.stage ? `${changes}, from ${STAGE_NAMES[would.stage]} on` : changes;
}

/** What is made anew by it, and when. */
export function consequence(would: Would): string {
  if (would.anew.length === 0)
    return would.stage === null
      ? 'Nothing is made anew.'
      : `Nothing is made anew: ${STAGE_NAMES[would.stage]} has not run yet and will follow them.`;
  const when = would.queued ? ' once the stage that runs has ended' : '';
  return `${stageList(would.anew)} ${would.anew.length === 1 ? 'is' : 'are'} made anew${when}.`;
}

/** What is told when they were taken. */
export function takenWords(count: number, done: Done): string {
  const changes = formatQuantity(count, 'change');
  if (done.how === 'fork') return `${changes} in a session of its own, which goes on from there.`;
  if (done.queued) return `${changes} kept until the stage that runs has ended.`;
  return `${[`${changes} taken`, ...workWords(done)].join('; ')}.`;
}

/** What a former run had made under the same decisions is taken over; the rest is made anew. */
function workWords({ anew, adopted }: Done): string[] {
  const taken = adopted.map(({ stage, of }) => `${STAGE_NAMES[stage]} is as run ${of} had made it`);
  const made = anew.filter((stage) => adopted.every((each) => each.stage !== stage));
  return made.length === 0 ? taken : [...taken, `${stageList(made)} made anew`];
}

/** `Prep and Train`. */
function stageList(stages: readonly Stage[]): string {
  const names = stages.map((stage) => STAGE_NAMES[stage]);
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
