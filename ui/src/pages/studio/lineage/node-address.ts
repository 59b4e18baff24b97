/** Where a click on a node leads: a script to its code, a file to itself. */

import { resolveFigure } from '../../../lib/markdown/resolve-figure.ts';
import { links } from '../../../lib/routing/routes.ts';
import type { LineageNode } from './lineage-layout.ts';

export function nodeAddress({ id }: LineageNode, sessionId: string): string | null {
  if (id.startsWith('step:'))
    return `${links.session(sessionId, 'code')}?step=${encodeURIComponent(id.slice(5))}`;
  return id.startsWith('file:') ? resolveFigure(encodeURI(id.slice(5)), { sessionId }) : null;
}
