/**
 * What a turn asks of its model: made from rows, fixed by the turn's first attempt, and the same for each further
 * one.
 */

import { fitConversation } from '../core/context-fit.ts';
import { toConversation } from '../core/conversation.ts';
import { type DataSharing, shareable } from '../core/data-sharing.ts';
import { TemperaError } from '../core/errors.ts';
import { sha256 } from '../core/ids.ts';
import type { LanguageModel, ModelAnswer, ModelMessage, ModelRequest } from '../core/ports/model.ts';
import type { Session, Step } from '../core/records.ts';
import { sessionStream } from '../core/session-names.ts';
import {
  beginModelCall,
  beginStep,
  consumePending,
  contextFit,
  conversationMessages,
  endInterruptedCalls,
  getExperiment,
  getSession,
  lostDeliveries,
  type ModelCallKey,
  storedAnswer,
  type Transaction,
  takeEpoch,
} from '../db/index.ts';
import type { TurnKey } from '../workflows/contract/activities.ts';
import { reserveBudget } from './budgets.ts';
import { ownerOf, placeOf, stepId } from './keys.ts';
import type { ActivityPorts } from './ports.ts';

/** Answers to one turn that may come and be lost, before a person is asked whether to go on. */
export const MAX_DELIVERIES = 3;

/** A turn that is ready to be sent. */
export interface ReadyTurn {
  state: 'ready';
  epoch: number;
  session: Session;
  /** The whole conversation, before it was made to fit. */
  messages: ModelMessage[];
  request: ModelRequest;
  key: ModelCallKey;
  /** The answer, where a former attempt has kept it. */
  answer: ModelAnswer | null;
}

export type PreparedTurn =
  | ReadyTurn
  | { state: 'done'; step: Step }
  /** As many answers came as may be lost: nothing is sent. */
  | { state: 'spent'; deliveries: number };

/** Begins the turn's step and its call. What the transaction writes must be committed before the request goes out. */
export async function prepareTurn(
  ports: ActivityPorts,
  tx: Transaction,
  turn: TurnKey,
): Promise<PreparedTurn> {
  const { sessionId } = turn;
  const session = await getSession(tx, ownerOf(turn), sessionId);
  if (!session) throw new TemperaError('NOT_FOUND', `There is no session [${sessionId}].`);
  const epoch = await takeEpoch(tx);
  const step = await beginStep(tx, modelStep(turn, epoch));
  if (step.state !== 'running') return { state: 'done', step };
  await consumePending(tx, step);
  const messages = await conversationOf(ports, tx, { session, turn });
  const request = await requestOf(ports, tx, { session, turn, messages });
  const place = { session_id: sessionId, stage: turn.stage, run: turn.run, turn: turn.turn };
  const key = { ...place, request_sha256: sha256(JSON.stringify(request)) };
  await endInterruptedCalls(tx, place, estimateOf(modelOf(ports, session), request));
  const deliveries = await lostDeliveries(tx, place);
  const stored = await storedAnswer(tx, key);
  if (stored === null && deliveries >= MAX_DELIVERIES) return { state: 'spent', deliveries };
  if (stored === null) {
    const { stage, run } = turn;
    const call = `${sessionStream(sessionId)}/${stage}/${run}/${turn.turn}`;
    await reserveBudget(ports, tx, { call, owner: session.owner, model: modelOf(ports, session), request });
  }
  const call = await beginModelCall(tx, { ...key, model: session.model });
  const answer = call.state === 'done' ? (call.answer as ModelAnswer) : null;
  return { state: 'ready', epoch, session, messages, request, key, answer };
}

const modelStep = (turn: TurnKey, epoch: number) => ({
  id: stepId(turn),
  session_id: turn.sessionId,
  stage: turn.stage,
  run: turn.run,
  turn: turn.turn,
  call: '',
  kind: 'model' as const,
  tool: null,
  title: `Turn ${turn.turn}`,
  base: null,
  input: {},
  epoch,
});

async function conversationOf(
  ports: ActivityPorts,
  tx: Transaction,
  { session, turn }: { session: Session; turn: TurnKey },
): Promise<ModelMessage[]> {
  const rows = await conversationMessages(tx, placeOf(turn));
  return shareable(toConversation(rows), await sharingOf(ports, tx, session));
}

async function requestOf(
  ports: ActivityPorts,
  tx: Transaction,
  { session, turn, messages }: { session: Session; turn: TurnKey; messages: ModelMessage[] },
): Promise<ModelRequest> {
  const { agents, settings } = ports;
  const { system, tools } = agents.stage(turn.stage);
  const fit = await contextFit(tx, placeOf(turn));
  const [provider = '', name = modelOf(ports, session).usual ?? provider] = session.model.split(/\/(.*)/s);
  const fitted = fitConversation(messages, fit);
  return { model: name, system, messages: fitted, tools, maxTokens: settings.maxAnswerTokens };
}

/** What a model that is not on this machine may be told of the session's data. */
async function sharingOf(ports: ActivityPorts, tx: Transaction, session: Session): Promise<DataSharing> {
  if (modelOf(ports, session).offline) return 'values';
  const experiment = await getExperiment(tx, ownerOf(session), session.experiment_id);
  if (experiment) return experiment.data_sharing;
  throw new TemperaError('NOT_FOUND', `The experiment [${session.experiment_id}] of the session is gone.`);
}

/** @throws TemperaError MODEL_REQUEST when the provider is not configured */
export function modelOf(
  { models }: Pick<ActivityPorts, 'models'>,
  session: Pick<Session, 'model'>,
): LanguageModel {
  const provider = session.model.split('/', 1)[0] ?? '';
  const model = models.get(provider);
  if (model) return model;
  const known = [...models.keys()].join(', ');
  throw new TemperaError(
    'MODEL_REQUEST',
    `No model provider '${provider}' is configured (configured: ${known}). Configure its key ` +
      'and start the platform again, or go on with another model: resume takes it as model.',
    { details: { cause: 'model', said: `no provider ${provider}` } },
  );
}

/** What an answer used of which nothing is known: at least its request. */
function estimateOf(model: LanguageModel, request: ModelRequest) {
  const nothing = { usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }, cost: 0 };
  return model.estimate?.(request) ?? nothing;
}
