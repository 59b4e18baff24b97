/** What a session's wait means for people: who ends it, and in words. */

import { needsPerson } from '../../../../core/session-state.ts';
import type { WaitingReason } from '../api/types.ts';

/** A wait as far as its words depend on it. */
export interface Wait {
  reason: WaitingReason;
  /** of a provider: why it does not answer */
  subject?: string | null | undefined;
}

/** A person is asked: a question, an approval, a limit, a provider's account, an agent that goes in circles. */
export const isForPerson = ({ reason, subject }: Wait): boolean =>
  needsPerson({ reason, ...(subject ? { subject } : {}) });

/** It ends by itself: by a quota, a slot, a provider that answers again. */
export const isPassing = (wait: Wait): boolean => wait.reason !== 'stopped' && !isForPerson(wait);

/** Behind the name of a stage, as in `EDA asks you`. */
const SHORT: Readonly<Record<WaitingReason, string>> = {
  question: 'asks you',
  approval: 'wants approval',
  limit: 'limit reached',
  stopped: 'stopped',
  quota: 'waits for quota',
  slot: 'waits for a slot',
  provider: 'waits for its model',
  loop: 'goes in circles',
};
const SHORT_OF_PROVIDER: Readonly<Record<string, string>> = {
  credit: 'has no credit',
  key: 'key refused',
  address: 'address wrong',
  model: 'model unknown',
  context: 'too long',
  repeated: 'answers lost',
};

export const shortWait = ({ reason, subject }: Wait): string =>
  (reason === 'provider' && SHORT_OF_PROVIDER[subject ?? '']) || SHORT[reason];

const LONG: Readonly<Record<WaitingReason, string>> = {
  question: 'The agent asks you something',
  approval: 'The agent asks for your approval',
  limit: 'A limit is reached',
  stopped: 'Stopped after a step, as you asked',
  quota: 'The model provider asks to wait',
  slot: 'Waiting for a free place to run code',
  provider: 'The model provider does not answer',
  loop: 'The agent goes round in circles',
};
const LONG_OF_PROVIDER: Readonly<Record<string, string>> = {
  quota: LONG.quota,
  answer: 'The model’s answer could not be read',
  credit: 'The account has no credit',
  key: 'The model provider refuses the key',
  address: 'No model provider at this address',
  model: 'The model is not there',
  context: 'The conversation is too long for the model',
  repeated: 'The model’s answers were lost',
};

export const longWait = ({ reason, subject }: Wait): string =>
  (reason === 'provider' && LONG_OF_PROVIDER[subject ?? '']) || LONG[reason];
