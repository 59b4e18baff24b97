/**
 * The image of a Modal sandbox, and the command that starts our host in it.
 *
 * Modal's SDK copies no local files into an image, so the sources travel in the commands themselves, packed and in
 * pieces. The libraries come first: as long as the lock file is as it was, Modal has that layer already.
 * Paths are those of deploy/Dockerfile's target `sandbox`, so that an image built from it can be used in place.
 */

import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ModalHost } from '../../core/sandbox-hosts.ts';

export const BASE_IMAGE = 'python:3.11-slim-bookworm';
/** The port of the host within the sandbox. */
export const HOST_PORT = 7500;
/** Where the volume is mounted, if there is one; the host's home is below. */
export const HOST_FOLDER = '/var/lib/tempera';
const PYTHON = '/opt/tempera/bin/python';
const SOURCES = '/app/sandbox';
/** Characters of a piece: a command line's single argument holds 128 KiB. */
const PIECE = 60_000;
const PACKAGES = ['tempera_sandbox', 'tempera', 'trainable'];

const SYSTEM =
  'RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 util-linux && rm -rf /var/lib/apt/lists/*';
const LIBRARIES =
  `RUN python -m venv /opt/tempera && ${PYTHON} -m pip install --no-cache-dir ` +
  `--require-hashes -r ${SOURCES}/requirements.lock`;

/** One layer of an image. */
export type Layer = readonly string[];

/** The commands of each layer on top of BASE_IMAGE. @param folder the repository's `sandbox` folder */
export async function imageLayers(folder: string): Promise<Layer[]> {
  const lock = await unpacking({
    'requirements.lock': await readFile(join(folder, 'requirements.lock'), 'utf8'),
  });
  const sources = await unpacking(await sourcesOf(folder));
  return [
    [SYSTEM, ...lock, LIBRARIES],
    [...sources, `ENV PYTHONPATH=${SOURCES} PYTHONUNBUFFERED=1`],
  ];
}

/** Every Python file of the host and of what user code sees, by its path. */
async function sourcesOf(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of PACKAGES) {
    const entries = await readdir(join(folder, name), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && /\.(py|pyi|json|md)$/.test(entry.name));
    for (const entry of files) {
      const path = join(entry.parentPath, entry.name);
      found[relative(folder, path)] = await readFile(path, 'utf8');
    }
  }
  // in one order, so that the same sources are the same layer
  return Object.fromEntries(Object.entries(found).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Commands that write these texts below SOURCES. */
async function unpacking(files: Readonly<Record<string, string>>): Promise<string[]> {
  const packed = (await promisify(gzip)(JSON.stringify(files))).toString('base64');
  const pieces = packed.match(new RegExp(`.{1,${PIECE}}`, 'g')) ?? [];
  const unpack = [
    'import base64, gzip, json, pathlib',
    'files = json.loads(gzip.decompress(base64.b64decode(open("/tmp/tempera.sources").read())))',
    `paths = {pathlib.Path("${SOURCES}", name): text for name, text in files.items()}`,
    '[path.parent.mkdir(parents=True, exist_ok=True) for path in paths]',
    '[path.write_text(text, encoding="utf-8") for path, text in paths.items()]',
  ].join('; ');
  return [
    ...pieces.map((piece) => `RUN printf %s ${piece} >> /tmp/tempera.sources`),
    `RUN python3 -c '${unpack}' && rm /tmp/tempera.sources`,
  ];
}

/** Keys and certificates come as variables of a Modal secret and must be files; no child is to inherit them. */
const START = [
  'umask 077 && mkdir -p /run/tempera',
  'printf "%s\\n" "$TEMPERA_HOST_CERTIFICATE" > /run/tempera/host.pem',
  'printf "%s\\n" "$TEMPERA_HOST_KEY" > /run/tempera/host.key',
  'printf "%s\\n" "$TEMPERA_CLIENT_AUTHORITY" > /run/tempera/authority.pem',
  'unset TEMPERA_HOST_CERTIFICATE TEMPERA_HOST_KEY TEMPERA_CLIENT_AUTHORITY',
  'umask 022',
  `export PYTHONPATH=${SOURCES} PYTHONUNBUFFERED=1`,
  `exec ${PYTHON} -m tempera_sandbox.host "$@"`,
].join(' && ');

export function hostCommand({ policy, slots, detachedGraceSeconds }: ModalHost): string[] {
  return [
    ...['sh', '-c', START, 'tempera-host'],
    ...['--home', `${HOST_FOLDER}/host`, '--listen', `0.0.0.0:${HOST_PORT}`],
    ...['--tls-certificate', '/run/tempera/host.pem', '--tls-key', '/run/tempera/host.key'],
    ...['--tls-client-authority', '/run/tempera/authority.pem'],
    ...['--policy', policy, '--slots', String(slots), '--detached-grace', String(detachedGraceSeconds)],
  ];
}

/** What the host is given as a secret. */
export function hostVariables({ token, certificate, key, tls }: ModalHost): Record<string, string> {
  return {
    SANDBOX_TOKEN: token,
    TEMPERA_HOST_CERTIFICATE: certificate.toString().trim(),
    TEMPERA_HOST_KEY: key.toString().trim(),
    TEMPERA_CLIENT_AUTHORITY: tls.authority.toString().trim(),
  };
}
