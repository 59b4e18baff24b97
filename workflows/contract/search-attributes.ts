/** The typed search attributes that operators filter workflows by. */

import type { SearchAttributePair } from '@temporalio/common';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { SessionStatus } from './messages.ts';

export const SEARCH_ATTRIBUTES = {
  kind: defineSearchAttributeKey('TemperaKind', SearchAttributeType.KEYWORD),
  state: defineSearchAttributeKey('TemperaState', SearchAttributeType.KEYWORD),
  stage: defineSearchAttributeKey('TemperaStage', SearchAttributeType.KEYWORD),
  experiment: defineSearchAttributeKey('TemperaExperiment', SearchAttributeType.KEYWORD),
  session: defineSearchAttributeKey('TemperaSession', SearchAttributeType.KEYWORD),
} as const;

/** The attributes of a session's workflow in `status`. */
export function sessionSearchAttributes(
  sessionId: string,
  experimentId: string,
  status: SessionStatus,
): SearchAttributePair[] {
  return [
    { key: SEARCH_ATTRIBUTES.kind, value: 'session' },
    { key: SEARCH_ATTRIBUTES.state, value: status.state },
    { key: SEARCH_ATTRIBUTES.stage, value: status.stage ?? 'none' },
    { key: SEARCH_ATTRIBUTES.experiment, value: experimentId },
    { key: SEARCH_ATTRIBUTES.session, value: sessionId },
  ];
}
