/** Where somebody dies while decisions are changed: of each part of such a session every named point and victim. */

import type { Point } from './strike.ts';

type Victim = 'worker' | 'api' | 'sandbox';
/** Where in the work who dies. */
export type Deadly = Point & { victim: Victim };

const here = `new.session_id = '$session'`;
const elsewhere = `new.session_id <> '$session'`;
const run = (stage: string, number: number) => `${here} and new.stage = '${stage}' and new.run = ${number}`;

/** Before a row is written, while it is committed, and before the one who had it written is told. */
const around = (what: string, table: string, condition: string): Point[] => [
  { name: `between ${what} and the answer`, at: 'completion', hold: { table, when: 'commit', condition } },
  { name: `before ${what} is there`, at: 'hold', hold: { table, when: 'row', condition } },
  { name: `during COMMIT of ${what}`, at: 'hold', hold: { table, when: 'commit', condition } },
];
/** While what a script has left is kept. */
const saved = (whose: string, condition: string): Point => ({
  name: `before what ${whose} has left is kept`,
  at: 'hold',
  hold: { table: 'checkpoints', when: 'row', condition },
});
const waits: Point = {
  name: 'while changes wait',
  at: 'event',
  matches: ({ type, data }) => type === 'decisions' && JSON.stringify(data).includes('"queued":true'),
  spread: 1_000,
};

/** Of each part of a session where somebody dies; `npm test` takes the first. */
export const DECIDED_POINTS = {
  queued: deadly(
    ['worker', 'api', 'sandbox'],
    [...around('a change that waits', 'decisions', `${here} and new.queued`), waits],
  ),
  applied: deadly(
    ['worker', 'sandbox', 'api'],
    [
      ...around('the run for what waited', 'stage_runs', run('prep', 2)),
      saved('the stage that runs for it', run('prep', 2)),
    ],
  ),
  rerun: deadly(
    ['sandbox', 'worker', 'api'],
    [
      saved('the stage that runs again', run('train', 2)),
      ...around('the run that is made anew', 'stage_runs', run('train', 2)),
      {
        name: 'during COMMIT of what its script decides',
        at: 'hold',
        hold: { table: 'decisions', when: 'commit', condition: run('train', 2) },
      },
    ],
  ),
  undo: deadly(
    ['worker', 'api', 'sandbox'],
    [
      ...around('what is taken over', 'artifacts', run('train', 3)),
      ...around('the run that takes over', 'stage_runs', run('train', 3)).slice(1),
    ],
  ),
  fork: deadly(
    ['api', 'worker', 'sandbox'],
    [
      ...around('the fork', 'sessions', `new.forked_from->>'session' = '$session'`),
      ...around('the run in the fork', 'stage_runs', `${elsewhere} and new.state = 'running'`).slice(1),
      saved('a stage of the fork', `${elsewhere} and new.stage = 'train'`),
    ],
  ),
};
export type DecidedPart = keyof typeof DECIDED_POINTS;
export const DECIDED_PARTS = Object.keys(DECIDED_POINTS) as DecidedPart[];

function deadly(victims: readonly Victim[], points: readonly Point[]): Deadly[] {
  return victims.flatMap((victim, at) =>
    // who dies is another one at each point of a round, so that few moments have many pairs
    points.map((point, place) => {
      const dies = victims[(at + place) % victims.length] ?? victim;
      return { ...point, name: `${point.name} the ${dies} dies`, victim: dies };
    }),
  );
}
