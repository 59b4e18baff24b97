/** What the routes work with; api/main.ts builds the real ones, tests theirs. */

import type { Questions } from '../classification/questions/requests.ts';
import type { LimitsOf, OpenLeases } from '../core/access/limits.ts';
import type { PolicySource } from '../core/access/policies.ts';
import type { AuditLog } from '../core/audit.ts';
import type { ColumnSources } from '../core/ports/column-sources.ts';
import type { Outbound } from '../core/ports/outbound.ts';
import type { SandboxTools } from '../core/ports/sandbox-tools.ts';
import type { Database, EventHub } from '../db/index.ts';
import type { BlobStore } from '../storage/blob-store.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { Authenticate } from './access/authenticate.ts';
import type { CredentialWatch } from './access/credential-watch.ts';
import type { SignIns } from './access/sign-ins.ts';
import type { ConnectionParts } from './connection-parts.ts';
import type { ApiSettings } from './settings.ts';
import type { StartProblems } from './start-problems.ts';
import type { TemporalGateway } from './temporal-gateway.ts';

export interface ApiDependencies {
  db: Database;
  store: ObjectStore;
  blobs: BlobStore;
  hub: EventHub;
  gateway: TemporalGateway;
  tools: SandboxTools;
  /** What is asked of the classifier; in a thread of its own. */
  classifier: Questions;
  /** Tables of data sources. */
  columnSources: ColumnSources;
  connections: ConnectionParts;
  /** What failed at the start. */
  startProblems: StartProblems;
  /** Servers that a person has named. */
  outbound: Outbound;
  settings: ApiSettings;
  /** Who asks. @throws TemperaError UNAUTHENTICATED */
  authenticate: Authenticate;
  /** Of browsers; none where no key is asked for. */
  signIns?: SignIns;
  /** Ends what outlives its key. */
  credentials: CredentialWatch;
  /** What each role may. */
  policies: PolicySource;
  /** How often and how much at once a caller may ask. */
  limitsOf: LimitsOf;
  /** What callers hold open now; made by the app where it is not given. */
  openLeases?: OpenLeases;
  /** Where is written who did what. */
  audit: AuditLog;
}
