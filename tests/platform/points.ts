/** The named points of a step's life at which faults come, from before the first request to after the last commit. */

import type { Hold } from './hold.ts';
import type { Point } from './strike.ts';

const ofSession = `new.session_id = '$session'`;
const ofStream = `new.stream_id = 'session/$session'`;

const ANSWER: Hold = {
  table: 'messages',
  when: 'commit',
  condition: `${ofSession} and new.role = 'assistant'`,
};
const RESULT: Hold = { table: 'checkpoints', when: 'commit', condition: ofSession };

export const ANY_TIME: Point = { name: 'at any time', at: 'life' };

/** Of a model call. */
export const CALL_POINTS: Point[] = [
  {
    name: 'before the call is noted',
    at: 'hold',
    hold: { table: 'model_calls', when: 'row', condition: ofSession },
  },
  {
    name: 'during COMMIT of the started call',
    at: 'hold',
    hold: { table: 'model_calls', when: 'commit', condition: ofSession },
  },
  { name: 'during COMMIT of the answer', at: 'hold', hold: ANSWER },
  { name: 'between the answer’s row and the activity’s completion', at: 'completion', hold: ANSWER },
];

/** Of a script's execution, from its first row to its checkpoint's. */
export const EXECUTION_POINTS: Point[] = [
  {
    name: 'before the execution has its number',
    at: 'hold',
    hold: { table: 'events', when: 'row', condition: `${ofStream} and new.type = 'attempt_started'` },
  },
  {
    name: 'during COMMIT of output',
    at: 'hold',
    hold: { table: 'events', when: 'commit', condition: `${ofStream} and new.type = 'code_output'` },
  },
  {
    name: 'between blobs in S3 and their rows',
    at: 'hold',
    hold: { table: 'blobs', when: 'row', condition: 'true' },
  },
  {
    name: 'during COMMIT of the blobs’ rows',
    at: 'hold',
    hold: { table: 'blobs', when: 'commit', condition: 'true' },
  },
  {
    name: 'between the manifest in S3 and the checkpoint’s row',
    at: 'hold',
    hold: { table: 'checkpoints', when: 'row', condition: ofSession },
  },
  { name: 'during COMMIT of the result', at: 'hold', hold: RESULT },
  { name: 'between the result’s rows and the activity’s completion', at: 'completion', hold: RESULT },
];

/** Of a stage's end. */
export const END_POINTS: Point[] = [
  {
    name: 'between artifacts in S3 and their rows',
    at: 'hold',
    hold: { table: 'artifacts', when: 'row', condition: ofSession },
  },
  {
    name: 'during COMMIT of the stage’s end',
    at: 'hold',
    hold: { table: 'artifacts', when: 'commit', condition: ofSession },
  },
  {
    name: 'between the stage’s end and the activity’s completion',
    at: 'completion',
    hold: { table: 'artifacts', when: 'commit', condition: ofSession },
  },
];

/** Of a stage's start by a command. */
export const START_POINTS: Point[] = [
  {
    name: 'before the run’s row',
    at: 'hold',
    hold: { table: 'stage_runs', when: 'row', condition: ofSession },
  },
  {
    name: 'during COMMIT of the run’s row',
    at: 'hold',
    hold: { table: 'stage_runs', when: 'commit', condition: ofSession },
  },
];

/** A point after the first output that holds `text`. */
export function afterOutput(text: string, name: string, spread: number): Point {
  return {
    name,
    at: 'event',
    matches: (event) => event.type === 'code_output' && String(event.data.text).includes(text),
    spread,
  };
}
