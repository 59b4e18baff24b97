export * from './access-keys-repository.ts';
export * from './artifacts-repository.ts';
export * from './audit-repository.ts';
export * from './backup-tables.ts';
export * from './budgets-repository.ts';
export * from './checkpoints-repository.ts';
export * from './classification/index.ts';
export * from './compared-repository.ts';
export * from './conversation-repository.ts';
export {
  createDatabase,
  type Database,
  type DatabaseOptions,
  type Queryable,
  type Transaction,
} from './database.ts';
export * from './decisions-repository.ts';
export {
  type AgentDelta,
  createEventHub,
  type DeltaType,
  type EventHub,
  type LiveEvent,
} from './event-hub.ts';
export { appendEvents, createStream, readEvents, readLastSeq } from './event-log.ts';
export * from './experiments-repository.ts';
export * from './fork-repository.ts';
export * from './idempotency-repository.ts';
export { inSession, type SessionWriters, type Tell, type Writing } from './in-session.ts';
export { JsonText } from './json-lists.ts';
export * from './last-sessions.ts';
export * from './leases-repository.ts';
export * from './messages-repository.ts';
export type { MetricPoint, MetricSource } from './metric-point.ts';
export * from './metric-reading.ts';
export * from './metrics-repository.ts';
export { migrate } from './migrate.ts';
export * from './model-calls-repository.ts';
export * from './models-repository.ts';
export * from './open-leases-repository.ts';
export * from './overview-repository.ts';
export * from './processed-dataset-repository.ts';
export * from './questions-repository.ts';
export * from './rate-windows-repository.ts';
export * from './removals-repository.ts';
export * from './sessions-repository.ts';
export * from './sign-ins-repository.ts';
export type { Page, PageRequest } from './sql.ts';
export * from './stage-runs-repository.ts';
export * from './steps-repository.ts';
export * from './storage-use.ts';
export * from './webhook-deliveries-repository.ts';
export * from './webhooks-repository.ts';
