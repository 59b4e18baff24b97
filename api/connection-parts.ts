/** What is known of data connections beside their rows. */

import type { LastProbe } from '../core/connections.ts';
import type { ConnectionSources } from '../db/index.ts';

export interface ConnectionParts extends ConnectionSources {
  /** What is wrong with others of the settings, by name or number. */
  problems: readonly { name: string; message: string }[];
  /** What came of the last test of those of the settings, by name. */
  probes: Map<string, LastProbe>;
}
