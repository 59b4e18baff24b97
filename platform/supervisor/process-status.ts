/** What a process that the platform runs can be; a start goes PENDING → STARTING → HEALTHY. */

export type ProcessStatus =
  | 'STOPPED'
  | 'STARTING'
  | 'HEALTHY'
  | 'UNHEALTHY'
  | 'STOPPING'
  | 'FAILED'
  | 'PENDING';
