/** Classification's tables. */

export * from './attachment-changes-repository.ts';
export * from './classification-runs-repository.ts';
export * from './classified-columns-repository.ts';
export * from './classified-datasets-repository.ts';
export * from './classified-tables-repository.ts';
export * from './connections-repository.ts';
export * from './data-sources-repository.ts';
export { inRun } from './in-run.ts';
export { type ConnectionSources, noKey, openConnections } from './opened-connections.ts';
export * from './reviews-repository.ts';
export * from './run-views-repository.ts';
export * from './sweep-calls-repository.ts';
export * from './vocabularies-repository.ts';
