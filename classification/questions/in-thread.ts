/** What is asked of the classifier, answered in a thread of its own: a large vocabulary holds no other request up. */

import type { MessagePort } from 'node:worker_threads';
import { AnsweringThread, answerCalls } from '../../core/answering-thread.ts';
import type { ClassifierThreadData } from '../runs/in-thread.ts';
import { createQuestions } from './answers.ts';
import type { Questions } from './requests.ts';

/** MiB: four vocabularies of 20,000 terms. */
const MEMORY_MEBIBYTES = 768;

interface Question {
  name: keyof Questions;
  input: unknown;
}

/** @param program the bundled file that calls `serveQuestions` */
export function createThreadedQuestions(program: string, data: ClassifierThreadData): Questions {
  const thread = new AnsweringThread<Question, unknown>({
    ...{ program, data, memoryMebibytes: MEMORY_MEBIBYTES, title: 'the classifier' },
  });
  // the thread answers each request as its name says; nobody gives a question up, being short
  const ask = <Name extends keyof Questions>(name: Name) =>
    ((input: unknown) => thread.ask({ name, input }, new AbortController().signal)) as Questions[Name];
  return {
    ...{ describe: ask('describe'), terms: ask('terms'), attachments: ask('attachments') },
    attachables: ask('attachables'),
    ...{ explain: ask('explain'), read: ask('read'), queue: ask('queue') },
  };
}

/** Answers the calls that come over `port`: all that the thread does. */
export function serveQuestions(port: MessagePort, { folder }: ClassifierThreadData): void {
  const questions = createQuestions(folder);
  answerCalls<Question, unknown>(port, ({ name, input }) => {
    // what the caller sent by that name
    const answer = questions[name] as (request: unknown) => Promise<unknown>;
    return answer(input);
  });
}
