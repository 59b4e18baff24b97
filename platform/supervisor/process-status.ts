/** What a process that the platform runs can be (endpoints.proto); a start goes PENDING → STARTING → HEALTHY. */

export type { ProcessStatusName as ProcessStatus } from '../../core/endpoints.ts';
