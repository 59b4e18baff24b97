/**
 * The browser of the browser tests: the one that CHROMIUM names, else one on PATH or Debian's, else installed with
 * apt-get.
 */

import { runCommand, SetupError } from './command.mjs';
import { findOnPath, isExecutable } from './places.mjs';

/**
 * @typedef {object} BrowserPlaces
 * @property {string} path the PATH that is searched
 * @property {string} chromium what CHROMIUM says; empty for nothing
 * @property {string} [debian] where Debian's package puts it; /usr/bin/chromium by default
 * @property {string} log file that an installation's output goes to
 */

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const DEBIANS = '/usr/bin/chromium';
const REMEDY =
  'Install one (Debian: `apt-get install chromium`), or set CHROMIUM to the program of a Chromium or Chrome.';

/**
 * The program of a Chromium that is there, or null.
 * Throws SetupError where CHROMIUM names something that cannot be run.
 * @param {Pick<BrowserPlaces, 'path' | 'chromium' | 'debian'>} places
 * @returns {string | null}
 */
export function findChromium({ path, chromium, debian = DEBIANS }) {
  if (chromium) {
    if (!isExecutable(chromium)) {
      throw new SetupError(`CHROMIUM names ${chromium}, which is no program that can be run.`, REMEDY);
    }
    return chromium;
  }
  const named = NAMES.map((name) => findOnPath(name, path)).find((file) => file !== null);
  return named ?? (isExecutable(debian) ? debian : null);
}

/**
 * Finds a Chromium, or installs Debian's where this user may. Throws SetupError with the remedy otherwise.
 * @param {BrowserPlaces} places
 * @param {import('./progress.mjs').Progress} progress
 */
export async function haveChromium(places, progress) {
  const found = findChromium(places);
  if (found) {
    return found;
  }
  const installer = findOnPath('apt-get', places.path);
  if (installer === null || process.getuid?.() !== 0) {
    throw new SetupError('The browser tests need a Chromium, and there is none.', REMEDY);
  }
  const shown = progress.begin('Chromium');
  try {
    for (const parts of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
      await runCommand(installer, parts, {
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
        log: places.log,
        onLine: (line) => shown.update(line),
        remedy: REMEDY,
      });
    }
    shown.done();
  } catch (error) {
    shown.failed();
    throw error;
  }
  const installed = findChromium(places);
  if (installed === null) {
    throw new SetupError('Debian’s package chromium was installed, but no program of it is there.', REMEDY);
  }
  return installed;
}
