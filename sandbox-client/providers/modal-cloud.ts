/**
 * The one file that knows Modal's SDK. It is loaded when it is needed and not before: it is an optional package.
 *
 * 1. Sandboxes of the first kind (`sandboxV2` off): the SDK calls the second one experimental, and it has no GPUs.
 * 2. The port is a raw TCP tunnel, `unencrypted` in Modal's words: our mutual TLS goes through it end to end, which no
 *    tunnel that ends TLS at Modal could carry.
 * 3. Every error leaves as a TemperaError with a sentence that says what to do, and without a secret.
 */

import type { App, Image, ModalClient, Sandbox } from 'modal';
import type { ModalSettings } from '../../core/sandbox-hosts.ts';
import { ModalProblem, toModalProblem } from './modal-errors.ts';
import {
  BASE_IMAGE,
  HOST_FOLDER,
  HOST_PORT,
  hostCommand,
  hostVariables,
  imageLayers,
} from './modal-image.ts';
import { redacted, secretsOf } from './modal-secrets.ts';

export type ModalSdk = typeof import('modal');

export interface ModalLine {
  stream: 'stdout' | 'stderr';
  text: string;
}

/** A sandbox at Modal that was running when it was looked at. */
export interface RunningSandbox {
  readonly id: string;
  /** host:port of the tunnel to the sandbox host. */
  readonly address: string;
  /** The exit code, 124 at its timeout, 137 when it was ended; null while it runs. */
  exitCode(): Promise<number | null>;
  /** Output by lines, from its beginning to its end or until `signal`. */
  follow(signal: AbortSignal, line: (line: ModalLine) => void): Promise<void>;
  terminate(): Promise<void>;
}

export interface ModalCloud {
  /** The one of our name that runs; null when none does. */
  find(): Promise<RunningSandbox | null>;
  /** Builds what is missing of the image, makes the volume, starts one; where another was faster, that one. */
  start(): Promise<RunningSandbox>;
  close(): void;
}

/** Seconds that the SDK may wait when Modal asks it to call later. */
const MOST_THROTTLE_SECONDS = 30;

/** @throws TemperaError where the package is missing or the token is refused */
export async function openModal(
  settings: ModalSettings,
  load: () => Promise<ModalSdk> = () => import('modal'),
): Promise<ModalCloud> {
  const sdk = await load().catch((error: unknown) => {
    throw new ModalProblem(
      'The package of SANDBOX_PROVIDER=modal is not installed: run `npm ci --include=optional`.',
      { cause: error },
    );
  });
  const client = connect(sdk, settings);
  const secrets = secretsOf(settings);
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw toModalProblem(error, what, { serverUrl: settings.serverUrl, secrets });
    }
  };
  const running = (sandbox: Sandbox) => attempt('Waiting for its tunnel', () => toRunning(sandbox, attempt));
  const environment = settings.environment === null ? {} : { environment: settings.environment };
  const find = async (): Promise<RunningSandbox | null> => {
    const found = await attempt(`Looking for the Modal sandbox [${settings.name}]`, async () => {
      try {
        return await client.sandboxes.fromName(settings.app, settings.name, environment);
      } catch (error) {
        if (error instanceof sdk.NotFoundError) return null;
        throw error;
      }
    });
    return found && running(found);
  };
  return {
    find,
    async start() {
      const options = { ...environment, createIfMissing: true };
      const app = await attempt(`Making the Modal app [${settings.app}]`, () =>
        client.apps.fromName(settings.app, options),
      );
      const image = await attempt('Building the Modal image', () => buildImage(client, app, settings));
      const { volume: name } = settings;
      const volume =
        name === null
          ? null
          : await attempt(`Making the Modal volume [${name}]`, () => client.volumes.fromName(name, options));
      const made = await attempt(`Starting the Modal sandbox [${settings.name}]`, async () => {
        try {
          const volumes = volume === null ? {} : { volumes: { [HOST_FOLDER]: volume } };
          return await client.sandboxes.create(app, image, { ...creation(settings), ...volumes });
        } catch (error) {
          if (error instanceof sdk.AlreadyExistsError) return null;
          throw error;
        }
      });
      const sandbox = made === null ? await find() : await running(made);
      if (sandbox !== null) return sandbox;
      throw new ModalProblem(`The Modal sandbox [${settings.name}] is only now ending; a new one follows.`);
    },
    close: () => client.close(),
  };
}

/** The SDK takes another server only from the environment, so the channel to the configured one is made by hand. */
function connect(sdk: ModalSdk, settings: ModalSettings): ModalClient {
  const secrets = secretsOf(settings);
  const warn = (message: string) => process.emitWarning(redacted(message, secrets), 'ModalWarning');
  const options = {
    tokenId: settings.tokenId,
    tokenSecret: settings.tokenSecret,
    maxThrottleWaitSecs: MOST_THROTTLE_SECONDS,
    ...(settings.environment === null ? {} : { environment: settings.environment }),
    // what it logs holds requests; its warnings are messages of the server
    logger: { debug: ignore, info: ignore, warn, error: warn },
  };
  const opened = new sdk.ModalClient(options);
  // its own requests for an access token go there too
  Object.assign(opened, { cpClient: opened.ipClient(settings.serverUrl) });
  const client = new sdk.ModalClient({ ...options, cpClient: opened.cpClient });
  client.profile.sandboxV2 = false;
  return client;
}

const ignore = (): void => undefined;

async function buildImage(client: ModalClient, app: App, settings: ModalSettings): Promise<Image> {
  const base = client.images.fromRegistry(settings.image ?? BASE_IMAGE);
  const layers = settings.image === null ? await imageLayers(settings.sourceFolder) : [];
  return layers.reduce((image, layer) => image.dockerfileCommands([...layer]), base).build(app);
}

function creation(settings: ModalSettings) {
  const { name, gpu, cpu, memoryMebibytes, timeoutSeconds, outbound, host } = settings;
  return {
    name,
    cpu,
    memoryMiB: memoryMebibytes,
    timeoutMs: timeoutSeconds * 1000,
    unencryptedPorts: [HOST_PORT],
    command: hostCommand(host),
    env: hostVariables(host),
    ...(gpu === null ? {} : { gpu }),
    ...(outbound ? {} : { outboundCidrAllowlist: [] }),
  };
}

type Attempt = <T>(what: string, work: () => Promise<T>) => Promise<T>;

async function toRunning(sandbox: Sandbox, attempt: Attempt): Promise<RunningSandbox> {
  const tunnel = (await sandbox.tunnels())[HOST_PORT];
  if (!tunnel) {
    throw new ModalProblem(
      `The Modal sandbox [${sandbox.sandboxId}] has no tunnel for port ${HOST_PORT}: end it, ` +
        'or set another MODAL_SANDBOX_NAME.',
    );
  }
  const id = sandbox.sandboxId;
  return {
    id,
    address: tunnel.tcpSocket.join(':'),
    exitCode: () => attempt(`Asking after the Modal sandbox [${id}]`, () => sandbox.poll()),
    async follow(signal, line) {
      await Promise.all([
        eachLine(sandbox.stdout, signal, (text) => line({ stream: 'stdout', text })),
        eachLine(sandbox.stderr, signal, (text) => line({ stream: 'stderr', text })),
      ]);
    },
    terminate: () =>
      attempt(`Ending the Modal sandbox [${id}]`, async () => {
        await sandbox.terminate();
      }),
  };
}

async function eachLine(
  stream: Sandbox['stdout'],
  signal: AbortSignal,
  line: (text: string) => void,
): Promise<void> {
  const reader = stream.getReader();
  const cancel = () => void reader.cancel().catch(ignore); // nobody waits for it any more
  signal.addEventListener('abort', cancel, { once: true });
  let rest = '';
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const parts = (rest + read.value).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) line(part);
    }
    if (rest !== '') line(rest);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
