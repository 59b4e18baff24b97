/**
 * Paths that callers name. A path is relative, '/'-separated, in one piece: nothing in it may lead out of its tree,
 * in clear or encoded, and no file system is asked: the tree is a checkpoint's manifest.
 */

import { posix } from 'node:path';
import { TemperaError } from '../../core/errors.ts';
import type { ManifestEntry } from '../../core/records.ts';

const MAX_PATH_LENGTH = 1024;
const MAX_LINKS = 8;

/**
 * The path as it is looked up: no leading './', no double or trailing slash; '' is the root. A path that `known`
 * has is a
 * file's own name, whatever it looks like: agents call files `C:x`, `%2e%2e` and `a\\b`.
 * @throws TemperaError INVALID_PATH for what is absolute, leads up, hides a separator or carries a NUL.
 */
export function parseTreePath(path: string, known?: { has(path: string): boolean }): string {
  if (known?.has(path)) return path;
  for (const form of decodedForms(path)) assertInside(form);
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

/**
 * The file entry that `path` names, links followed within the tree.
 * @throws TemperaError NOT_FOUND; INVALID_PATH when a link leads out of the tree or in circles.
 */
export function resolveFile(entries: ReadonlyMap<string, ManifestEntry>, path: string): ManifestEntry {
  let current = parseTreePath(path, entries);
  for (let followed = 0; followed <= MAX_LINKS; followed += 1) {
    const entry = entries.get(current);
    if (!entry || entry.kind === 'directory')
      throw new TemperaError('NOT_FOUND', `There is no file ${path}.`);
    if (entry.kind === 'file') return entry;
    current = linkTarget(entry, entries);
  }
  throw refusal('its links go in circles');
}

function linkTarget(link: ManifestEntry, entries: ReadonlyMap<string, ManifestEntry>): string {
  if (link.target.startsWith('/')) throw refusal('its link leads out of the session');
  const target = posix.normalize(posix.join(posix.dirname(link.path), link.target));
  if (target === '..' || target.startsWith('../')) throw refusal('its link leads out of the session');
  return parseTreePath(target, entries);
}

/** The path and what it becomes when something later decodes it again. */
function decodedForms(path: string): string[] {
  const forms = [path];
  for (let depth = 0; depth < 3; depth += 1) {
    const last = forms[forms.length - 1] ?? '';
    const next = last.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (next === last) break;
    forms.push(next);
  }
  return forms;
}

function assertInside(form: string): void {
  if (form.length > MAX_PATH_LENGTH) throw refusal(`it is longer than ${MAX_PATH_LENGTH} characters`);
  if (form.includes('\0')) throw refusal('it carries a NUL');
  if (form.includes('\\')) throw refusal('it carries a backslash');
  if (form.startsWith('/') || /^[a-z]:/i.test(form)) throw refusal('it is absolute');
  if (form.split('/').includes('..')) throw refusal('it leads out of its folder');
}

function refusal(reason: string): TemperaError {
  return new TemperaError(
    'INVALID_PATH',
    `The path is refused: ${reason}. Give a path below the session's folder.`,
  );
}
