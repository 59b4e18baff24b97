/** What a caller of each method must be allowed, as of its REST route. A method without a line does not compile. */

import type { Permission } from '../../core/access/permissions.ts';
import type { PlatformService } from '../../proto/generated/tempera/v1/platform.ts';

export const METHOD_PERMISSIONS = {
  healthCheck: 'discover',
  listEndpoints: 'discover',
  watchEndpoints: 'discover',
  listDecisions: 'session:read',
  // a dry run changes nothing; for the rest the service asks for more
  changeDecisions: 'session:read',
  listDataSources: 'classification:read',
  listDatasets: 'classification:read',
  startClassification: 'classification:start',
  getFsmStatus: 'classification:read',
} as const satisfies Record<keyof typeof PlatformService, Permission>;
