/** Settings of tests: small limits, short times. */

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '../../core/limits.ts';
import type { ApiSettings } from '../settings.ts';

export const TEST_SETTINGS: ApiSettings = {
  version: '0.0.0-test',
  host: '127.0.0.1',
  port: 0,
  grpcPort: 0,
  keysRequired: false,
  signIn: { idleSeconds: 43_200, seconds: 604_800, attempts: 1_000 },
  hosts: [],
  hostAddresses: false,
  origins: [],
  sdkFolder: 'sandbox',
  classificationFolder: 'classification',
  agentsFolder: 'agents',
  uiFolder: join(tmpdir(), 'tempera-no-ui'),
  temporalUi: null,
  bucket: 'tempera',
  defaultModel: 'autopilot/standard',
  defaultLimits: DEFAULT_LIMITS,
  uploadBytes: 8 * 1024 * 1024,
  requestBytes: 64 * 1024,
  messageCharacters: 1_000,
  sqlRows: 100,
  streams: 20,
  keepAliveSeconds: 0.2,
  slowReaderSeconds: 0.5,
  reconnectMilliseconds: 50,
  commandTimeoutSeconds: 5,
  waitingCommands: 128,
  workerLostSeconds: 10,
  checkAnswers: true,
  logLevel: 'silent',
  hasAnthropic: false,
};
