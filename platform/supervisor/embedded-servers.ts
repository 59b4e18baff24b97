/** The Temporal server, the S3 server and the sandbox host, as they are started and watched on this machine. */

import { execFile } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from '../setup/make-folder.mjs';
import { foundProgram, type PlatformContext, plainEnvironment, spawnRequest } from './context.ts';
import { grpcProbe, healthProbe, httpProbe } from './probes.ts';
import type { WatchedPart } from './watched-process.ts';

/** Search attributes that operators filter sessions by, in the Temporal UI and by `temporal workflow list`. */
export const SEARCH_ATTRIBUTES = [
  'TemperaKind',
  'TemperaState',
  'TemperaStage',
  'TemperaExperiment',
  'TemperaSession',
] as const;

const FRONTEND = 'temporal.api.workflowservice.v1.WorkflowService';
const loopback = (port: number) => `127.0.0.1:${port}`;

/** A name that no request can carry that a browser makes: it never resolves. */
const NO_HOST = 'closed.invalid';

/**
 * `temporal server start-dev` over an SQLite file; its write-ahead log loses nothing when the process is killed.
 * What it
 * would serve to any page that a browser shows is closed: its HTTP API takes no host, its UI, which asks for none,
 * is not
 * started, and nobody listens for who asks for its metrics.
 */
export function temporalPart(context: PlatformContext): WatchedPart {
  const { home, ports, config } = context;
  const address = loopback(ports.temporal);
  const options = {
    '--ip': '127.0.0.1',
    '--port': String(ports.temporal),
    '--metrics-port': String(ports.temporalMetrics),
    '--db-filename': home.path('temporal', 'temporal.sqlite'),
    '--log-level': 'warn',
  };
  const repeated = [
    '--headless',
    ...['--dynamic-config-value', `frontend.httpAllowedHosts=["${NO_HOST}"]`],
    ...['journal_mode=wal', 'synchronous=normal'].flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...SEARCH_ATTRIBUTES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
    ...(config.temporal.namespace === 'default' ? [] : ['--namespace', config.temporal.namespace]),
  ];
  return {
    name: 'temporal',
    address,
    server: spawnRequest(context, {
      name: 'temporal',
      command: foundProgram(config.programs.temporal, 'TEMPERA_TEMPORAL'),
      arguments: [
        'server',
        'start-dev',
        '--disable-config-file',
        ...Object.entries(options).flat(),
        ...repeated,
      ],
      environment: plainEnvironment(context.environment),
    }),
    probe: healthProbe(address, FRONTEND),
    onAnswer: (pid) => closeListener(context, pid, ports.temporalMetrics),
  };
}

/** Of the metrics, which would be told to any page: no setting of the server closes them. */
async function closeListener({ config, home }: PlatformContext, pid: number, port: number): Promise<void> {
  const program = join(config.root, 'platform', 'supervisor', 'close_listener.py');
  const python = foundProgram(config.programs.python, 'TEMPERA_PYTHON');
  try {
    await promisify(execFile)(python, ['-I', program, String(pid), String(port)]);
  } catch (error) {
    // the rest of it is closed all the same
    const words = `The metrics of process ${pid} stay readable on port ${port}: ${String(error)}\n`;
    appendFileSync(home.path('logs', 'temporal.log'), words);
  }
}

/** versitygw over a folder: each folder in it is a bucket, so the platform's bucket is made by making one. */
export function objectServerPart(context: PlatformContext): WatchedPart {
  const { home, ports, config } = context;
  const buckets = home.path('s3', 'buckets');
  const metadata = home.path('s3', 'metadata');
  makeFolder(join(buckets, config.s3.bucket));
  makeFolder(metadata);
  const address = loopback(ports.s3);
  return {
    name: 's3',
    address: `http://${address}`,
    server: spawnRequest(context, {
      name: 's3',
      command: foundProgram(config.programs.versitygw, 'TEMPERA_VERSITYGW'),
      // metadata beside the objects' tree and not in extended attributes, which not every file system has
      arguments: [
        '--port',
        address,
        '--region',
        config.s3.region,
        '--quiet',
        'posix',
        '--sidecar',
        metadata,
        buckets,
      ],
      environment: {
        ...plainEnvironment(context.environment),
        ROOT_ACCESS_KEY: home.secrets.s3AccessKey,
        ROOT_SECRET_KEY: home.secrets.s3SecretKey,
      },
    }),
    probe: httpProbe(`http://${address}/`),
  };
}

/** A sandbox host: it sees its token and no other secret of the platform. */
export function sandboxPart(context: PlatformContext): WatchedPart {
  const { home, ports, config } = context;
  const address = loopback(ports.sandbox);
  const { timing, sandbox } = config;
  return {
    name: 'sandbox',
    address,
    server: spawnRequest(context, {
      name: 'sandbox',
      command: foundProgram(config.programs.python, 'TEMPERA_PYTHON'),
      arguments: [
        ...['-m', 'tempera_sandbox.host', '--home', home.path('sandbox')],
        ...['--port', String(ports.sandbox), '--policy', sandbox.isolation],
        ...['--detached-grace', String(timing.detachedGraceSeconds), '--slots', String(sandbox.slots)],
      ],
      environment: {
        ...plainEnvironment(context.environment),
        PYTHONPATH: join(config.root, 'sandbox'),
        PYTHONUNBUFFERED: '1',
        SANDBOX_TOKEN: home.secrets.sandboxToken,
      },
    }),
    probe: grpcProbe(address, '/tempera.v1.Sandbox/Ping'),
  };
}
