/** What other folders may use of the settings. */

export { areKeysRequired, configuredKeys } from './api-keys.ts';
export { type ConfiguredConnections, configuredConnections, connectionHosts } from './connections.ts';
export { type Environment, type LoadOptions, loadConfig, readEnvironment } from './load.ts';
export { inUrl, isLoopback, reachedAt } from './loopback.ts';
export { type ConnectedParts, connectedParts } from './parts.ts';
export { createPolicyReader, type PolicyReader, policyFile, readPolicies } from './policies.ts';
export { type PreflightOptions, runPreflight } from './preflight.ts';
export type { PreflightCheck } from './preflight-check.ts';
export type { Config } from './schema.ts';
export { type Setting, settingValues, showConfig, writeResolved } from './show.ts';
export { type TemporalTls, temporalTls } from './temporal-tls.ts';
export { tellUnheardRejections } from './unheard-rejections.ts';
