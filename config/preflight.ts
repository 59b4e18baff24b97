/** What would keep the platform from starting (deny) or surprise its user (warn), each with what mends it. */

import { existsSync } from 'node:fs';
import { access, constants, readdir, readFile, stat, statfs } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { MODEL_PROVIDERS, providerOf } from '../core/model-providers.ts';
import { weakTokens } from './api-keys.ts';
import { isLoopback } from './loopback.ts';
import { deny, type PreflightCheck, warn } from './preflight-check.ts';
import { checkForms } from './preflight-forms.ts';
import { checkDatabase, checkNamespace, checkObjectStore, checkPrograms } from './preflight-parts.ts';
import { modalProblem, unknownGpu } from './sandbox-modal.ts';
import { sandboxAddresses, sandboxTlsProblem } from './sandbox-tls.ts';
import type { Config } from './schema.ts';

export interface PreflightOptions {
  /** Whether the platform of this home runs: then it is its own port that is taken. */
  running?: boolean;
  /** Milliseconds that a configured part has to accept a connection. Default 3,000. */
  answerMilliseconds?: number;
}

const LEAST_BYTES = 500_000_000;
const SCARCE_BYTES = 5_000_000_000;
const NVIDIA_VENDOR = '0x10de';

/** Runs every check; an empty list means that nothing stands in the way. */
export async function runPreflight(
  config: Config,
  options: PreflightOptions = {},
): Promise<PreflightCheck[]> {
  const { running = false, answerMilliseconds = 3_000 } = options;
  const forms = checkForms(config);
  // what cannot be read cannot be reached either, and that says less
  if (forms.length > 0) return forms;
  const found = await Promise.all([
    checkHost(config),
    running ? [] : checkPort(config),
    checkHome(config),
    checkModel(config),
    checkIsolation(config),
    ...reached(config, answerMilliseconds),
    running ? [] : checkPrograms(config),
    checkSandboxHosts(config, answerMilliseconds),
    checkKeys(config),
    checkGraphics(),
  ]);
  return found.flat();
}

/** Parts of one's own: each is reached, and then does what the platform will ask of it. */
function reached(config: Config, milliseconds: number): Promise<PreflightCheck[]>[] {
  const { database, s3, temporal } = config;
  const parts = [
    { about: 'database.url', url: database.url, proof: checkDatabase },
    { about: 's3.endpoint', url: s3.endpoint, proof: checkObjectStore },
    {
      about: 'temporal.address',
      url: temporal.address && `tcp://${temporal.address}`,
      proof: checkNamespace,
    },
  ];
  return parts.map(async ({ about, url, proof }) => {
    const away = await checkAddress(about, url, milliseconds);
    return away.length > 0 ? away : proof(config, milliseconds);
  });
}

function checkHost(config: Config): PreflightCheck[] {
  const { host } = config;
  if (isLoopback(host)) return [];
  const weak = weakTokens(config);
  return weak === 0
    ? []
    : warn(
        'access.keys',
        `${weak} of the keys can be guessed: they are short.`,
        'Make each with: openssl rand -hex 32',
      );
}

async function checkPort({ port, grpcPort, host }: Config): Promise<PreflightCheck[]> {
  const ways = [
    { taken: port, remedy: 'Stop it, or set TEMPERA_PORT to a free port (0 takes any).' },
    { taken: grpcPort, remedy: 'It is for gRPC: stop it, or set TEMPERA_GRPC_PORT to a free port.' },
  ];
  const checks = ways.map(async ({ taken, remedy }) =>
    (await isFree(taken, host)) ? [] : deny('port', `Port ${taken} is taken by another program.`, remedy),
  );
  return (await Promise.all(checks)).flat();
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

async function checkHome({ home }: Config): Promise<PreflightCheck[]> {
  try {
    await access(await nearestFolder(home), constants.W_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return deny(
      'home',
      `${home} cannot be written to (${why}).`,
      'Give yourself the right to, or set TEMPERA_HOME to another folder.',
    );
  }
  const { bavail, bsize } = await statfs(await nearestFolder(home));
  const free = bavail * bsize;
  const message = `The disk of ${home} has ${(free / 1e9).toFixed(1)} GB free.`;
  if (free < LEAST_BYTES) {
    return deny('home', message, 'Free at least 0.5 GB, or set TEMPERA_HOME to a folder on another disk.');
  }
  return free < SCARCE_BYTES
    ? warn('home', message, 'Checkpoints and datasets may fill it: free some space.')
    : [];
}

/** The folder itself, or the one above it in which it is to be made. @throws where something else stands there */
async function nearestFolder(folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    const found = await stat(at).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' && at !== dirname(at)) return null;
      throw error;
    });
    if (found?.isDirectory()) return at;
    if (found) throw new Error(`${at} is no folder`);
  }
}

function checkModel({ model }: Config): PreflightCheck[] {
  const provider = providerOf(model.default);
  if (provider === null || !/^[\w-]+\/\S+$/.test(model.default)) {
    return deny(
      'model.default',
      `'${model.default}' is no PROVIDER/MODEL of a provider that there is.`,
      `Set TEMPERA_MODEL to one of ${MODEL_PROVIDERS.join(', ')} with its model, such as autopilot/standard.`,
    );
  }
  if (provider === 'anthropic' && model.anthropic.apiKey === null) {
    return deny(
      'model.default',
      `${model.default} needs a key and there is none.`,
      'Set ANTHROPIC_API_KEY, or TEMPERA_MODEL=autopilot/standard.',
    );
  }
  return [];
}

function checkIsolation({ sandbox }: Config): PreflightCheck[] {
  if (sandbox.isolation === 'required') {
    return [];
  }
  const message = `Agents’ code may run without isolation (sandbox.isolation is ${sandbox.isolation}).`;
  return warn(
    'sandbox.isolation',
    message,
    'Unset SANDBOX_ISOLATION unless this machine is made for nothing else.',
  );
}

/** Hosts that are listed must be reachable, and from other machines only by mutual TLS and with a token. */
async function checkSandboxHosts(config: Config, milliseconds: number): Promise<PreflightCheck[]> {
  const { sandbox } = config;
  if (sandbox.provider === 'modal') return checkModal(config, milliseconds);
  const problem = sandboxTlsProblem({ sandbox });
  if (problem !== null) {
    return deny('sandbox.tls', problem, '`tempera sandbox certificates` makes what is needed.');
  }
  if (sandbox.address === null) {
    return sandbox.provider === 'remote'
      ? deny(
          'sandbox.address',
          'No sandbox host is listed.',
          'Set SANDBOX_ADDRESS, or SANDBOX_PROVIDER=local.',
        )
      : [];
  }
  const found = await Promise.all(
    sandboxAddresses(sandbox.address).map((address) =>
      checkAddress('sandbox.address', `tcp://${address}`, milliseconds),
    ),
  );
  const token =
    sandbox.token === null
      ? deny(
          'sandbox.token',
          'Sandbox hosts ask for a token and there is none.',
          'Set SANDBOX_TOKEN to theirs.',
        )
      : [];
  return [...token, ...allDown(found)];
}

/**
 * What can be seen without paying: settings, the package, the server; the token is judged when a sandbox is looked
 * for.
 */
async function checkModal(config: Config, milliseconds: number): Promise<PreflightCheck[]> {
  const problem = modalProblem(config);
  if (problem !== null) return deny('sandbox.modal', problem, 'docs/sandbox.md says how Modal is used.');
  if (!existsSync(join(config.root, 'node_modules', 'modal'))) {
    const message = 'The package of SANDBOX_PROVIDER=modal is not installed.';
    return deny('sandbox.modal', message, 'Run `npm ci --include=optional`.');
  }
  const gpu = unknownGpu(config);
  return [
    ...(gpu === null ? [] : warn('sandbox.modal.gpu', gpu, 'See Modal’s list of GPUs; it may be newer.')),
    ...(await checkAddress('sandbox.modal.serverUrl', config.sandbox.modal.serverUrl, milliseconds)),
  ];
}

/** One host that does not answer is no reason not to start while another one does. */
function allDown(found: PreflightCheck[][]): PreflightCheck[] {
  const answers = found.some((checks) => checks.length === 0);
  return found.flat().map((check) => (answers ? { ...check, level: 'warn' } : check));
}

async function checkAddress(
  about: string,
  url: string | null,
  milliseconds: number,
): Promise<PreflightCheck[]> {
  if (url === null || url === '') {
    return [];
  }
  const place = URL.canParse(url) ? new URL(url) : null;
  if (place === null || place.hostname === '') {
    return deny(about, 'The address cannot be read.', 'docs/configuration.md shows its form.');
  }
  const port =
    Number(place.port) || { 'postgres:': 5432, 'postgresql:': 5432, 'https:': 443 }[place.protocol] || 80;
  const problem = await connects(place.hostname, port, milliseconds);
  return problem === null
    ? []
    : deny(
        about,
        `${place.hostname}:${port} cannot be reached (${problem}).`,
        'Start it, mend the address, or unset it for an embedded one.',
      );
}

function connects(host: string, port: number, milliseconds: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: milliseconds });
    const settle = (problem: string | null) => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('connect', () => settle(null));
    socket.once('timeout', () => settle('no answer'));
    socket.once('error', (error) => settle(error.message));
  });
}

function checkKeys({ s3 }: Config): PreflightCheck[] {
  return s3.accessKey === 'minioadmin' || s3.secretKey === 'minioadmin'
    ? warn('s3.secretKey', 'The S3 server has the keys that everybody knows.', 'Give it keys of its own.')
    : [];
}

/** A graphics card that no driver serves would go unused without a word. */
async function checkGraphics(
  devices = '/sys/bus/pci/devices',
  driver = '/proc/driver/nvidia/version',
): Promise<PreflightCheck[]> {
  const names = await readdir(devices).catch(() => []); // no PCI bus: no card
  const read = (file: string) => readFile(file, 'utf8').catch(() => ''); // a device without the file is not a card
  const isCard = async (name: string) =>
    (await read(`${devices}/${name}/vendor`)).trim() === NVIDIA_VENDOR &&
    (await read(`${devices}/${name}/class`)).startsWith('0x03');
  const cards = await Promise.all(names.map(isCard));
  const isServed = (await read(driver)) !== '';
  return cards.includes(true) && !isServed
    ? warn(
        'gpu',
        'There is an NVIDIA card and no driver for it, so it is not used.',
        'Install the NVIDIA driver.',
      )
    : [];
}
