import { sessionWorkflowId } from '../../../../core/session-names.ts';
import type { PartStatus } from '../../lib/api/types.ts';

/** A workflow's page in Temporal's own UI; null where the platform names no address of it. */
export function temporalLink(temporal: PartStatus, session: string): string | null {
  const { ui_url: address, namespace } = temporal;
  if (typeof address !== 'string' || !/^https?:\/\//.test(address)) return null;
  const space = typeof namespace === 'string' ? namespace : 'default';
  const workflow = encodeURIComponent(sessionWorkflowId(session));
  return `${address.replace(/\/$/, '')}/namespaces/${encodeURIComponent(space)}/workflows/${workflow}`;
}
