/** The ledger of decisions by gRPC: the same services as the REST routes, the same rows in the proto's form. */

import type { Decision } from '../../core/decisions.ts';
import type {
  ChangeDecisionsRequest,
  ChangeDecisionsResponse,
  ListDecisionsRequest,
  ListDecisionsResponse,
  Decision as Message,
} from '../../proto/generated/tempera/v1/decisions.ts';
import type { PlatformServer } from '../../proto/generated/tempera/v1/platform.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { idempotencyKey } from '../http/idempotency.ts';
import { assertLawful, unlawful } from '../http/lawful-input.ts';
import { parseInput } from '../http/zod-provider.ts';
import { traceparentOf } from '../routes/route.ts';
import { DecideBodySchema } from '../schemas.ts';
import { changeDecisions, type DecideAnswer, type Ledger, readLedger } from '../services/decisions.ts';
import { unary } from './calls.ts';
import { METHOD_PERMISSIONS } from './permissions.ts';

export function decisionCalls(
  dependencies: ApiDependencies,
): Pick<PlatformServer, 'listDecisions' | 'changeDecisions'> {
  return {
    listDecisions: unary(
      dependencies,
      METHOD_PERMISSIONS.listDecisions,
      async ({ principal }, request: ListDecisionsRequest) => {
        assertLawful(request.sessionId, 'session_id');
        return toList(await readLedger(dependencies, principal, request));
      },
    ),
    changeDecisions: unary(
      dependencies,
      METHOD_PERMISSIONS.changeDecisions,
      async ({ principal, headers }, request: ChangeDecisionsRequest) => {
        const { sessionId } = request;
        assertLawful(sessionId, 'session_id');
        const key = idempotencyKey(headers);
        const context = { principal, sessionId, key, traceparent: traceparentOf(headers) };
        return toAnswer(await changeDecisions(dependencies, context, toBody(request)));
      },
    ),
  };
}

/** What the same request is over REST. @throws TemperaError INVALID_INPUT */
function toBody({ changes, how, dryRun }: ChangeDecisionsRequest) {
  const unset = changes.findIndex(({ value, withdraw }) => value === undefined && !withdraw);
  if (unset >= 0) throw unlawful(`changes.${unset}.value`, 'is not set; null_value decides for none');
  const listed = changes.map(({ key, value, withdraw }) =>
    withdraw ? { key, withdraw, ...(value !== undefined && { value }) } : { key, value },
  );
  const body = { changes: listed, dry_run: dryRun, ...(how !== '' && { how }) };
  assertLawful(body, 'body');
  return parseInput(DecideBodySchema, body, 'body');
}

const toList = ({ items, queued }: Ledger): ListDecisionsResponse => ({
  items: items.map(toMessage),
  queued: queued.map(toMessage),
});

/** One row as the proto has it; what is null over REST is unset, '' or 0. */
export function toMessage(decision: Decision): Message {
  const { id, key, value, alternatives, reason, by, position, standing } = decision;
  return {
    ...{ id, key, value, reason, by, position, standing },
    sessionId: decision.session_id,
    stage: decision.stage ?? '',
    run: decision.run ?? 0,
    alternatives: alternatives.map((each) => ({ value: each.value, changes: each.changes })),
    evidence: decision.evidence ?? undefined,
    confidence: decision.confidence ?? undefined,
    stepId: decision.step_id ?? '',
    supersededBy: decision.superseded_by ?? '',
    withdraws: decision.withdraws,
    inheritedFrom: decision.inherited_from ?? '',
    toConfirm: decision.to_confirm,
    createdAt: decision.created_at,
  };
}

function toAnswer({ session, how, queued, changes, ...answer }: DecideAnswer): ChangeDecisionsResponse {
  return {
    ...{ sessionId: session, how, queued },
    changes: changes.map(({ stage, withdraw = false, ...change }) => ({
      ...{ ...change, withdraw },
      stage: stage ?? '',
    })),
    adopted: answer.adopted,
    stage: answer.stage ?? '',
    anew: answer.anew,
    dryRun: answer.dry_run,
  };
}
