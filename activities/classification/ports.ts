/** What the activities of a classification need from the world, passed in by the worker. */

import type { ThreadedRunWork } from '../../classification/runs/in-thread.ts';
import type { ColumnSources } from '../../core/ports/column-sources.ts';
import type * as storage from '../../storage/index.ts';
import type { ActivityPorts, ActivitySettings } from '../ports.ts';

export interface ClassificationPorts
  extends Pick<ActivityPorts, 'database' | 'events' | 'objects' | 'sandbox' | 'models' | 'budgetOf'> {
  keys: Pick<typeof storage, 'resultsKey'>;
  columnSources: ColumnSources;
  classifier: ThreadedRunWork;
  /** A folder that is there; what this process leaves in it when it is killed, the next worker removes. */
  temporaryFolder: string;
  settings: Pick<ActivitySettings, 'heartbeatSeconds' | 'continueAfterEvents' | 'bugAttempts'>;
}
