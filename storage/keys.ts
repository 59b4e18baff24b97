/** Names of objects, built here and nowhere else. People read them in S3 browsers, so they say what they hold. */

import { TemperaError } from '../core/errors.ts';
import type { Stage } from '../core/stages.ts';

/** `datasets/{experiment}/{file}` */
export function datasetKey(experimentId: string, file: string): string {
  return `datasets/${experimentId}/${safePath(file)}`;
}

/** `uploads/{upload}/{file}` */
export function uploadKey(uploadId: string, file: string): string {
  return `uploads/${uploadId}/${safePath(file)}`;
}

/** `sessions/{session}/{stage}/run-{n}/{path}`; `path` is the one in the workspace. */
export function artifactKey(sessionId: string, stage: Stage, run: number, path: string): string {
  return `sessions/${sessionId}/${stage}/run-${run}/${safePath(path)}`;
}

/** `blobs/ab/abcdef…` */
export function blobKey(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    throw new TemperaError('INVALID_INPUT', `[${sha256}] is not a SHA-256 in lower-case hex.`);
  }
  return `blobs/${sha256.slice(0, 2)}/${sha256}`;
}

/** A relative path without steps up, empty parts or control characters: file-backed stores map keys to paths. */
function safePath(path: string): string {
  const parts = path.split('/');
  const safe =
    path.length <= 900 &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..') &&
    !hasControl(path);
  if (!safe) throw new TemperaError('INVALID_PATH', `[${path}] is not a relative path inside its folder.`);
  return path;
}

function hasControl(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f' || character === '\\');
}
