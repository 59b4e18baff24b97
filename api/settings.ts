/** What the API needs of the settings. */

import { join } from 'node:path';
import { areKeysRequired, type Config, isLoopback } from '../config/index.ts';
import type { Limits } from '../core/limits.ts';

export interface ApiSettings {
  /** Version of the platform, for health and status. */
  version: string;
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** Of the gRPC service; 0 takes any free port. */
  grpcPort: number;
  /** Whether requests must carry a key. */
  keysRequired: boolean;
  /** How long a browser's sign-in lasts, unused and at most, and how often a minute an address may try. */
  signIn: { idleSeconds: number; seconds: number; attempts: number };
  /** Host names served beside loopback's. */
  hosts: readonly string[];
  /** Whether any host that is an address in digits is served, as on a network. */
  hostAddresses: boolean;
  /** Web origins trusted beside the server's own. */
  origins: readonly string[];
  /** Folder of the built web UI. */
  uiFolder: string;
  /** Folder of the Python SDK that scripts import, and of the packages that they need. */
  sdkFolder: string;
  /** Folder of the classifier's data. */
  classificationFolder: string;
  /** Folder that describes the agents. */
  agentsFolder: string;
  /** Where people look at workflows; null where the platform is not told. */
  temporalUi: { url: string; namespace: string } | null;
  /** S3 bucket, as it stands in dataset_ref. */
  bucket: string;
  /** provider/model of sessions that name none. */
  defaultModel: string;
  /** Limits of sessions that set none. */
  defaultLimits: Limits;
  /** Bytes of one uploaded file. */
  uploadBytes: number;
  /** Bytes of a JSON body. */
  requestBytes: number;
  /** Characters of one message to the agent. */
  messageCharacters: number;
  /** Rows that one SQL query may return. */
  sqlRows: number;
  /** Event streams served at a time; more are refused with 429. */
  streams: number;
  keepAliveSeconds: number;
  /** Seconds that a reader's full socket buffer is waited for before it is dropped. */
  slowReaderSeconds: number;
  /** Milliseconds before a stream whose source failed is read again. */
  reconnectMilliseconds: number;
  commandTimeoutSeconds: number;
  /** Commands of one kind that may wait for their turn in one session; more are refused with 429. */
  waitingCommands: number;
  /** Silence after which a worker counts as gone. */
  workerLostSeconds: number;
  /** Holds every answer against its schema; for tests. */
  checkAnswers: boolean;
  logLevel: string;
  hasAnthropic: boolean;
}

/** The API's settings of the platform's. */
export function apiSettings(config: Config, version: string): ApiSettings {
  const { limits, timing } = config;
  return {
    version,
    host: config.host,
    port: config.port,
    grpcPort: config.grpcPort,
    keysRequired: areKeysRequired(config),
    signIn: signInSettings(config),
    hosts: isLoopback(config.host) ? config.hosts : [...config.hosts, config.host],
    hostAddresses: !isLoopback(config.host),
    origins: config.origins,
    sdkFolder: join(config.root, 'sandbox'),
    classificationFolder: join(config.root, 'classification'),
    agentsFolder: join(config.root, 'agents'),
    uiFolder: join(config.root, 'build', 'ui'),
    temporalUi: temporalUi(config),
    bucket: config.s3.bucket,
    defaultModel: config.model.default,
    defaultLimits: {
      turns: limits.turns,
      tokens: limits.tokens,
      cost: limits.costDollars,
      time: limits.stageSeconds,
    },
    uploadBytes: limits.uploadBytes,
    requestBytes: limits.requestBytes,
    messageCharacters: limits.messageCharacters,
    sqlRows: limits.sqlRows,
    streams: limits.streams,
    keepAliveSeconds: timing.streamKeepAliveSeconds,
    slowReaderSeconds: 20,
    reconnectMilliseconds: 500,
    commandTimeoutSeconds: timing.commandTimeoutSeconds,
    waitingCommands: limits.waitingCommands,
    workerLostSeconds: timing.workerLostSeconds,
    checkAnswers: false,
    logLevel: config.log.level,
    hasAnthropic: config.model.anthropic.apiKey !== null,
  };
}

function temporalUi({ temporal }: Config): ApiSettings['temporalUi'] {
  return temporal.uiUrl === null ? null : { url: temporal.uiUrl, namespace: temporal.namespace };
}

const HOUR_SECONDS = 3_600;

function signInSettings({ access }: Config): ApiSettings['signIn'] {
  return {
    idleSeconds: access.signInIdleHours * HOUR_SECONDS,
    seconds: access.signInDays * 24 * HOUR_SECONDS,
    attempts: access.signInsMinute,
  };
}
