import type { ActivitySettings } from '../ports.ts';

/** For tests in which no code runs in a sandbox and nobody waits for a provider. */
export const TEST_SETTINGS: ActivitySettings = {
  ...{ heartbeatSeconds: 10, idleHours: 24, continueAfterEvents: 4_096, executionSeconds: 60 },
  ...{ maxAnswerTokens: 1_000, callsPerAnswer: 64, outputHeadBytes: 1_000, bugAttempts: 3 },
  ...{ killAfterMs: 1_000, cancelUploadMs: 1_000, checkpointBytes: 1e12, memoryRetryFactor: 1 },
  providerPauses: { first: 1, longest: 1 },
  limits: {
    ...{ memoryBytes: 1, workspaceBytes: 1, workspaceFiles: 1, processes: 1, outputBytes: 1, tmpBytes: 1 },
  },
};
