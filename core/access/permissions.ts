/** What may be allowed: each route and gRPC method names one of these, and config/policies.yaml gives them to roles. */

/** Each permission with what it allows, as `tempera policy explain` says it. */
export const PERMISSIONS = {
  execute: 'run tools and jobs',
  discover: 'see what there is: agents, models, tools, connections, endpoints',
  healthcheck: 'see how each part is',
  'config:read': 'see the settings, without secrets',
  'session:read': 'see experiments, sessions, their steps, messages and results',
  'session:write': 'make, change, steer and remove experiments and sessions',
  'data:read': 'read tables and files, and ask models for predictions',
  'classification:read': 'see classifications, vocabularies and reviews',
  'classification:start': 'start classifications, and keep their sources and vocabularies',
  'classification:review': 'decide what a column is',
  'approval:decide': 'approve or refuse what a session waits for',
  's3:browse': 'list what the object store holds: an admin the bucket, others what is theirs',
  'connections:write': 'make, test and remove data connections',
  'endpoints:drain': 'empty sandbox hosts',
  'keys:manage': 'make, rotate and revoke keys',
  'audit:read': 'read who did what',
} as const satisfies Record<string, string>;

export type Permission = keyof typeof PERMISSIONS;

/** Those that change nothing: the only ones that policies may give to the role readonly. */
export const READING: ReadonlySet<Permission> = new Set<Permission>([
  ...([
    'discover',
    'healthcheck',
    'config:read',
    'session:read',
    'data:read',
    'classification:read',
  ] as const),
  ...(['s3:browse', 'audit:read'] as const),
]);

/** What a route or method asks of its caller: `anyone` that he is let in at all; what is `open` answers everybody. */
export type Access = Permission | 'anyone' | 'open';

export function isPermission(value: string): value is Permission {
  return Object.hasOwn(PERMISSIONS, value);
}

export const PERMISSION_NAMES: readonly Permission[] = Object.keys(PERMISSIONS).filter(isPermission);
