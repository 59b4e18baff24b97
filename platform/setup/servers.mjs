/**
 * The Temporal server and the S3 server: from PATH, else the user's cache, else the official release,
 * else built from the Go module proxy, whose checksum database vouches for the source.
 */

import { chmodSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { runCommand, SetupError } from './command.mjs';
import { downloadChecked } from './download.mjs';
import { makeFolder } from './make-folder.mjs';
import { findOnPath, isExecutable, TEMPORAL_VERSION, VERSITYGW_VERSION } from './places.mjs';
import { bytes } from './progress.mjs';

/**
 * @typedef {object} KnownServer
 * @property {string} name
 * @property {string} title
 * @property {string} release
 * @property {string} archive
 * @property {string} inner
 * @property {string} module
 */

/**
 * What is known of each server: where its releases are and which Go package builds it.
 * @param {import('./places.mjs').Places} places
 * @returns {[KnownServer, KnownServer]}
 */
export function knownServers(places, machine = { os: String(platform()), arch: arch() }) {
  const cpu = machine.arch === 'x64' ? 'amd64' : machine.arch;
  const unameCpu = cpu === 'amd64' ? 'x86_64' : cpu;
  const system = `${machine.os.charAt(0).toUpperCase()}${machine.os.slice(1)}`;
  return [
    {
      name: 'temporal',
      title: 'Temporal server',
      release: `${places.temporalReleases}/v${TEMPORAL_VERSION}`,
      archive: `temporal_cli_${TEMPORAL_VERSION}_${machine.os}_${cpu}.tar.gz`,
      inner: 'temporal',
      module: `github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_VERSION}`,
    },
    {
      name: 'versitygw',
      title: 'S3 server',
      release: `${places.versitygwReleases}/v${VERSITYGW_VERSION}`,
      archive: `versitygw_v${VERSITYGW_VERSION}_${system}_${unameCpu}.tar.gz`,
      inner: `versitygw_v${VERSITYGW_VERSION}_${system}_${unameCpu}/versitygw`,
      module: `github.com/versity/versitygw/cmd/versitygw@v${VERSITYGW_VERSION}`,
    },
  ];
}

/**
 * The file of a server that is there already, or null.
 * @param {Pick<KnownServer, 'name'>} server
 * @param {import('./places.mjs').Places} places
 */
export function findServer(server, places) {
  const cached = join(places.bin, server.name);
  return findOnPath(server.name, places.path) ?? (isExecutable(cached) ? cached : null);
}

/**
 * Downloads or builds a server into the cache; it appears there whole or not at all.
 * @param {KnownServer} server
 * @param {import('./places.mjs').Places} places
 * @param {import('./progress.mjs').ShownStep} step
 */
export async function installServer(server, places, step) {
  makeFolder(places.bin);
  const work = mkdtempSync(join(places.bin, `.${server.name}-`));
  try {
    step.update('asking for the release');
    const file = await downloadServer(server, places, { work, step }).catch((error) => {
      step.update(`no download (${error.message.split('\n')[0]}), building with Go`);
      return buildServer(server, places, { work, step, reason: error.message });
    });
    chmodSync(file, 0o755);
    renameSync(file, join(places.bin, server.name));
    return join(places.bin, server.name);
  } finally {
    // Go keeps its module cache read-only, but that is outside this folder
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {KnownServer} server
 * @param {import('./places.mjs').Places} places
 * @param {{ work: string, step: import('./progress.mjs').ShownStep }} how
 */
async function downloadServer(server, places, { work, step }) {
  const archive = join(work, server.archive);
  await downloadChecked({
    url: `${server.release}/${server.archive}`,
    checksums: `${server.release}/checksums.txt`,
    file: archive,
    answerSeconds: places.answerSeconds,
    onBytes: (received, total) => step.update(`${bytes(received)}${total ? ` of ${bytes(total)}` : ''}`),
  });
  await runCommand('tar', ['-xzf', archive, '-C', work, server.inner], { log: places.log });
  return join(work, server.inner);
}

/**
 * @param {KnownServer} server
 * @param {import('./places.mjs').Places} places
 * @param {{ work: string, step: import('./progress.mjs').ShownStep, reason: string }} how
 */
async function buildServer(server, places, { work, step, reason }) {
  const go =
    findOnPath('go', places.path) ?? (isExecutable('/usr/local/go/bin/go') ? '/usr/local/go/bin/go' : null);
  const remedy =
    `Install Go 1.24 or newer, or put a \`${server.name}\` on PATH, ` +
    `or give the address of a running server (docs/configuration.md).`;
  if (go === null) {
    throw new SetupError(
      `There is no ${server.title}: its download failed (${reason}) and Go is missing.`,
      remedy,
    );
  }
  await runCommand(go, ['install', '-trimpath', '-ldflags=-s -w', server.module], {
    env: { ...process.env, GOBIN: work, GOFLAGS: '-mod=mod', CGO_ENABLED: '0' },
    log: places.log,
    onLine: (line) => step.update(line),
    remedy,
  });
  return join(work, server.name);
}
