/**
 * The shape of every setting. A value's description here is the sentence that docs/configuration.md shows;
 * its default and its environment variable stand in base.conf, and nowhere else.
 */

import { z } from 'zod';

const text = (sentence: string) => z.string().min(1).describe(sentence);
const optional = (sentence: string) => z.string().min(1).nullable().describe(sentence);
const secret = (sentence: string) => z.string().min(1).nullable().describe(sentence).meta({ secret: true });
const integer = (sentence: string, least = 1) => z.coerce.number().int().min(least).describe(sentence);
const decimal = (sentence: string) => z.coerce.number().min(0).describe(sentence);
const port = (sentence: string) => z.coerce.number().int().min(0).max(65_535).describe(sentence);
const list = (sentence: string) =>
  z
    .string()
    .transform((value) => value.split(',').flatMap((part) => part.trim() || []))
    .describe(sentence);
const flag = (sentence: string) =>
  z
    .union([z.boolean(), z.enum(['true', 'false', '1', '0'])])
    .transform((value) => value === true || value === 'true' || value === '1')
    .describe(sentence);

const tls = z.strictObject({
  enabled: flag('Whether to speak TLS to Temporal.'),
  certificateFile: optional('PEM file of the client certificate for mutual TLS.'),
  keyFile: optional('PEM file of the client key for mutual TLS.'),
  serverCaFile: optional('PEM file of the authority that signed the server certificate.'),
  serverName: optional('Server name to expect in the certificate, when it is not the address.'),
});

const access = z.strictObject({
  keys: secret('Keys that are let in, as token:role separated by commas; docs/security.md.'),
  key: secret('One key of the role admin; also the key that the commands send.'),
  required: flag(
    'Whether a key is asked for also where none is configured and only this machine reaches the platform.',
  ),
  localKey: secret(
    'Key by which commands on this machine are let in beside other keys; `npm start` makes one and keeps it.',
  ),
  signInIdleHours: integer('Hours without a request after which a browser must sign in again.'),
  signInDays: integer('Days after which a browser must sign in again in any case.'),
  signInsMinute: integer('Times a minute that one address may try to sign in.'),
});

const temporal = z.strictObject({
  address: optional('host:port of a Temporal server; without it a development server is started.'),
  namespace: text('Temporal namespace; it must exist on a server of your own.'),
  uiUrl: optional('Address of Temporal’s web UI, for links to each workflow; the embedded server has none.'),
  apiKey: secret('API key of Temporal Cloud.'),
  tls,
});

const database = z.strictObject({
  url: secret('postgres:// URL of a Postgres 15 or newer; without it Postgres 18 is started.'),
  poolSize: integer('Connections that one process keeps at most.'),
});

const s3 = z.strictObject({
  endpoint: optional('URL of an S3 server; without it versitygw is started over a folder.'),
  region: text('S3 region.'),
  bucket: text('Bucket that holds everything; it is made when it is missing.'),
  accessKey: secret('S3 access key.'),
  secretKey: secret('S3 secret key.'),
});

const modal = z.strictObject({
  tokenId: secret('Id of the token of a Modal account (ak-…).'),
  tokenSecret: secret('Secret of that token (as-…).'),
  serverUrl: text('URL of Modal’s API.'),
  environment: optional('Environment of the Modal account; without it the account’s default one.'),
  app: text('Modal app that the sandbox belongs to; it is made when it is missing.'),
  name: text(
    'Name of the Modal sandbox, by which a worker that starts again finds it; one for each platform.',
  ),
  image: optional(
    'Image in a registry that holds the sandbox host, as deploy/Dockerfile’s target sandbox; without it one is built.',
  ),
  volume: optional(
    'Modal volume that keeps the host’s workspaces when a successor is started; made when it is missing.',
  ),
  gpu: optional(
    'Kind of GPU of the Modal sandbox with the number of them, such as L4 or H100:2; none without.',
  ),
  cpu: decimal('CPU cores that the Modal sandbox is given.'),
  memoryMebibytes: integer('MiB of memory that the Modal sandbox is given.', 512),
  timeoutSeconds: integer(
    'Seconds after which Modal ends the sandbox, at most a day; a successor takes its place.',
    60,
  ),
  outbound: flag('Whether the Modal sandbox may open connections to the internet; the host needs none.'),
  endOnStop: flag(
    'Whether a worker that is stopped ends the Modal sandbox; otherwise it is paid for until its timeout.',
  ),
  hostCertificateFile: optional(
    'PEM file of the certificate by which the host in the Modal sandbox is known.',
  ),
  hostKeyFile: optional('PEM file of that certificate’s key.'),
});

const sandbox = z.strictObject({
  provider: z.enum(['local', 'remote', 'modal']).describe('Where agent code runs.'),
  address: optional(
    'host:port of a sandbox host, of several separated by commas; without it one is started on this machine.',
  ),
  token: secret('Token that sandbox hosts ask for, on loopback too.'),
  isolation: z
    .enum(['required', 'best', 'off'])
    .describe('What to do where the machine cannot isolate code: refuse it, do what it can, or nothing.'),
  slots: integer('Executions that one host runs at a time, further ones queue; 0 is one a core.', 0),
  tls: z.strictObject({
    authorityFile: optional('PEM file of the authority that signed the sandbox hosts’ certificates.'),
    certificateFile: optional('PEM file of the certificate by which sandbox hosts know this platform.'),
    keyFile: optional('PEM file of that certificate’s key.'),
    serverName: optional('Name to expect in the hosts’ certificates, when it is not their address.'),
  }),
  modal,
});

const model = z.strictObject({
  default: text('provider/model for sessions that name none; autopilot/standard works offline.'),
  anthropic: z.strictObject({
    apiKey: secret('Key of the Anthropic API.'),
    baseUrl: text('URL of the Anthropic API or of a server that speaks it.'),
    model: text('Claude model for sessions that say only "anthropic".'),
    thinking: z
      .enum(['default', 'off', 'adaptive', 'budget'])
      .describe(
        'Thinking before an answer: as the model does by itself, none, as it needs, or up to a budget.',
      ),
    thinkingTokens: integer('Tokens of thinking an answer where thinking is "budget"; at least 1,024.', 1024),
  }),
});

const sources = z.strictObject({
  connections: secret(
    'Data connections as name=URL with user and password in the URL, separated by commas; docs/classification.md.',
  ),
  credentialsKey: z
    .string()
    .min(32, 'must have at least 32 characters, such as those of: openssl rand -hex 32')
    .nullable()
    .describe(
      'Key that seals the credentials of data connections, at least 32 characters; `npm start` makes one and keeps it.',
    )
    .meta({ secret: true }),
  folders: list('Folders of the worker’s machine that may be classified, separated by commas; none without.'),
});

const outbound = z.strictObject({
  allowedHosts: list(
    'Hosts inside that webhooks, stored connections and dataset URLs may reach, as in db.internal,10.0.0.0/8.',
  ),
});

const worker = z.strictObject({
  modelCalls: integer('Model calls that one worker holds at a time.'),
  toolCalls: integer('Tool calls that one worker holds at a time.'),
  classifications: integer('Pieces of classifications that one worker holds at a time.'),
  bugAttempts: integer(
    'Attempts at work that fails for a bug, before its stage fails; outages are waited out.',
  ),
});

const limits = z.strictObject({
  columns: integer('Columns that a table may have.'),
  uploadBytes: integer('Bytes of one uploaded file.'),
  unpackedBytes: integer('Bytes that a compressed upload may unpack to.'),
  requestBytes: integer('Bytes of a JSON request body.'),
  messageCharacters: integer('Characters of one message to the agent.'),
  turns: integer('Turns of the model in one stage run, where the session sets none.'),
  callsPerAnswer: integer(
    'Tool calls of one answer that are run; the agent is told that those beyond were not.',
  ),
  tokens: integer('Tokens of a session, where it sets none.'),
  costDollars: decimal('US dollars of a session, where it sets none.'),
  stageSeconds: integer('Seconds of one stage run, where the session sets none.'),
  executionSeconds: integer('Seconds of one execution, from its first instruction.'),
  outputBytes: integer('Bytes of output kept of one execution; the middle is cut.'),
  memoryBytes: integer('Bytes of memory that all processes of one execution may hold.'),
  memoryRetryFactor: decimal(
    'Code that ran out of memory is run once more with this times the limit, as far as its host allows; 1: not.',
  ),
  processes: integer('Processes and threads of one execution.'),
  temporaryBytes: integer('Bytes that one execution may write below /tmp.'),
  workspaceBytes: integer('Bytes that a session’s workspace may hold.'),
  workspaceFiles: integer('Files that a session’s workspace may hold.'),
  checkpointBytes: integer(
    'Bytes of checkpoints that a session keeps; beyond it the oldest give up their files.',
  ),
  sqlRows: integer('Rows that one SQL query may return.'),
  sqlSeconds: integer('Seconds that one SQL query may take.'),
  streams: integer('Event streams that one api process serves at a time.'),
  waitingCommands: integer('Commands of one kind that may wait for their turn in one session.'),
});

const timing = z.strictObject({
  continueAfterEvents: integer('Events of history after which a session’s workflow goes on in a new run.'),
  providerPauseSeconds: decimal(
    'First pause before a model provider that does not answer is asked again; each further one doubles.',
  ),
  providerPauseMaximumSeconds: decimal(
    'Longest pause before a model provider that does not answer is asked again, but for what it asks itself.',
  ),
  heartbeatTimeoutSeconds: decimal('Silence after which a worker’s activity is given to another.'),
  detachedGraceSeconds: decimal('Seconds that an execution nobody watches lives on; longer than any outage.'),
  interruptGraceSeconds: decimal('Seconds between the interrupt of cancelled code and its kill.'),
  cancelUploadSeconds: decimal('Seconds for which what cancelled code left is still uploaded.'),
  idleWorkflowHours: decimal('Hours after which an idle session’s workflow completes.'),
  blobKeepHours: decimal('Hours that an unreferenced blob is kept after its last use.'),
  keyKeepHours: decimal('Hours that an Idempotency-Key is kept.'),
  auditKeepDays: integer('Days that a row of the audit is kept.'),
  readerPollMilliseconds: integer('Interval at which readers of events look by number, hint or not.'),
  streamKeepAliveSeconds: decimal('Interval of the comment line that keeps an idle event stream open.'),
  commandTimeoutSeconds: decimal('Seconds that the api waits for a session’s workflow to answer.'),
  workerHeartbeatSeconds: decimal('Interval at which workers tell that they live.'),
  workerLostSeconds: decimal('Silence after which a worker counts as gone.'),
  healthIntervalMilliseconds: integer('Interval of the supervisor’s health checks.'),
  restartMinimumMilliseconds: integer('First pause before a process that ended is started again.'),
  restartMaximumMilliseconds: integer('Longest pause before a process that ended is started again.'),
  shutdownGraceSeconds: decimal('Seconds that a process has to end before it is killed.'),
});

const programs = z.strictObject({
  python: optional('Python of the sandbox; `npm start` finds or makes it.'),
  temporal: optional('Program of the embedded Temporal server; `npm start` finds or fetches it.'),
  versitygw: optional('Program of the embedded S3 server; `npm start` finds or fetches it.'),
});

export const ConfigSchema = z.strictObject({
  home: text('Folder of all state; relative to the repository.'),
  host: text('Address that UI and REST listen on; without keys only loopback is allowed.'),
  port: port('Port of UI and REST.'),
  grpcPort: port('Port of the platform’s gRPC service; 0 is the port after UI and REST.'),
  origins: list('Web origins that may call the API from a browser, separated by commas.'),
  hosts: list(
    'Host names under which the platform is reached beside loopback and addresses in digits, separated by commas.',
  ),
  access,
  temporal,
  database,
  s3,
  sandbox,
  model,
  sources,
  outbound,
  worker,
  limits,
  timing,
  programs,
  log: z.strictObject({
    level: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
      .describe('Least severe level that is logged.'),
  }),
});

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

/** The settings as every part gets them: validated, complete, frozen; `home` is absolute. */
export type Config = Frozen<z.infer<typeof ConfigSchema>> & { readonly root: string };
