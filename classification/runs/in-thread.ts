/** A run's work on columns in a thread of its own, so that 100,000 of them hold no session up. */

import type { MessagePort } from 'node:worker_threads';
import { AnsweringThread, answerCalls } from '../../core/answering-thread.ts';
import { readKnowledge } from '../knowledge.ts';
import type { RunWork } from './requests.ts';
import { createRunWork } from './run-work.ts';

/** What the thread is made with. */
export interface ClassifierThreadData {
  /** The folder of the classifier's data. */
  folder: string;
}

/** MiB: four vocabularies of 20,000 terms, and a batch of columns. */
const MEMORY_MEBIBYTES = 1_024;

type Request = {
  [Name in keyof RunWork]: { name: Name; input: Parameters<RunWork[Name]>[0] };
}[keyof RunWork];
type Answer = Awaited<ReturnType<RunWork[keyof RunWork]>>;

/** The same work with a signal that gives a call up. */
export type ThreadedRunWork = {
  [Name in keyof RunWork]: (
    input: Parameters<RunWork[Name]>[0],
    signal: AbortSignal,
  ) => ReturnType<RunWork[Name]>;
};

/** @param program the bundled file that calls `serveClassifier` */
export function createThreadedRunWork(program: string, data: ClassifierThreadData): ThreadedRunWork {
  const thread = new AnsweringThread<Request, Answer>({
    ...{ program, data, memoryMebibytes: MEMORY_MEBIBYTES, title: 'the classifier' },
  });
  // the thread answers each request as its name says
  const ask = <Name extends keyof RunWork>(name: Name) =>
    ((input: Parameters<RunWork[Name]>[0], signal: AbortSignal) =>
      thread.ask({ name, input } as Request, signal)) as ThreadedRunWork[Name];
  return {
    ...{
      describe: ask('describe'),
      evidence: ask('evidence'),
      decide: ask('decide'),
      evaluate: ask('evaluate'),
    },
    ...{ learningLines: ask('learningLines'), learned: ask('learned'), strata: ask('strata') },
    ...{ labelCalls: ask('labelCalls'), labelRequest: ask('labelRequest'), settle: ask('settle') },
    agreed: ask('agreed'),
  };
}

/** Answers the calls that come over `port`: all that the thread does. */
export function serveClassifier(port: MessagePort, { folder }: ClassifierThreadData): void {
  const work = createRunWork(readKnowledge(folder));
  // each request names what answers it
  answerCalls<Request, Answer>(port, ({ name, input }) =>
    (work[name] as (given: typeof input) => Promise<Answer>)(input),
  );
}
