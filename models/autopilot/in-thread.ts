/** The offline model in a thread of its own: what it computes, over whatever a person wrote, holds nobody else up. */

import type { MessagePort } from 'node:worker_threads';
import { AnsweringThread, answerCalls } from '../../core/answering-thread.ts';
import type { LanguageModel, ModelAnswer, ModelCallOptions, ModelRequest } from '../../core/ports/model.ts';
import { AUTOPILOT_MODELS, createAutopilot, streamText } from './autopilot.ts';

/** What the thread is made with. */
export interface ThreadData {
  playbooksFolder: string;
}

/** MiB of memory of the thread; a conversation of 32 MiB fits several times. */
const MEMORY_MEBIBYTES = 512;

/** @param program the bundled file that calls `serveAutopilot` */
export function createThreadedAutopilot(program: string, data: ThreadData): LanguageModel {
  const thread = new AnsweringThread<ModelRequest, ModelAnswer>({
    ...{ program, data, memoryMebibytes: MEMORY_MEBIBYTES, title: 'the offline model' },
  });
  return {
    offline: true,
    runsPlaybooks: true,
    async complete(request: ModelRequest, options: ModelCallOptions): Promise<ModelAnswer> {
      const answer = await thread.ask(request, options.signal);
      streamText(answer.content, options);
      return answer;
    },
    list: async () => [...AUTOPILOT_MODELS],
  };
}

/** Answers the calls that come over `port`: all that the thread does. */
export function serveAutopilot(port: MessagePort, { playbooksFolder }: ThreadData): void {
  const model = createAutopilot({ playbooksFolder });
  const options = { signal: new AbortController().signal, onText: () => undefined };
  answerCalls(port, (request: ModelRequest) => model.complete(request, options));
}
