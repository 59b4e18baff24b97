/** Names of objects, built here and nowhere else. People read them in S3 browsers, so they say what they hold. */

import { TemperaError } from '../core/errors.ts';
import { percentBytes } from '../core/file-names.ts';
import { sha256 } from '../core/ids.ts';
import type { Stage } from '../core/stages.ts';

/** S3 takes keys of 1,024 bytes; what stands before a path is at most 60. */
const MAX_PATH_BYTES = 900;
/** File-backed stores take names of 255 bytes, some with an ending of their own. */
const MAX_PART_BYTES = 200;
const TRUNCATED_PART_BYTES = 120;
const UNSAFE = /[\p{Cc}\p{Cs}\\%~\u2028\u2029\ufffe\uffff]|^ | $/gu;

/** `datasets/{experiment}/{file}` */
export function datasetKey(experimentId: string, file: string): string {
  return `datasets/${experimentId}/${safePath(file)}`;
}

/** `uploads/{upload}/{file}` */
export function uploadKey(uploadId: string, file: string): string {
  return `uploads/${uploadId}/${safePath(file)}`;
}

/** `sessions/{session}/{stage}/run-{n}/{path}`; `path` is the one in the workspace. */
export function artifactKey(
  { sessionId, stage, run }: { sessionId: string; stage: Stage; run: number },
  path: string,
): string {
  return `sessions/${sessionId}/${stage}/run-${run}/${safePath(path)}`;
}

/** `sources/{source}/{file}` */
export function sourceFileKey(sourceId: string, file: string): string {
  return `sources/${sourceId}/${safePath(file)}`;
}

/** `classified/{source}/{run}/results.parquet` */
export function resultsKey(sourceId: string, runId: string): string {
  return `classified/${safePart(sourceId)}/${runId}/results.parquet`;
}

/** `blobs/ab/abcdef…` */
export function blobKey(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    throw new TemperaError('INVALID_INPUT', `[${sha256}] is not a SHA-256 in lower-case hex.`);
  }
  return `blobs/${sha256.slice(0, 2)}/${sha256}`;
}

/**
 * A relative path as part of a key. Stores keep keys as paths and as XML: what neither takes is written in per cent
 * form, and what is too long ends with its hash behind a `~`, which stands for nothing else. No two paths share a key.
 */
function safePath(path: string): string {
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw new TemperaError(
      'INVALID_PATH',
      `[${path.slice(0, 200)}] is not a relative path inside its folder.`,
    );
  }
  const key = parts.map(safePart).join('/');
  return Buffer.byteLength(key) <= MAX_PATH_BYTES ? key : `~${sha256(path)}/${safePart(parts.at(-1) ?? '')}`;
}

function safePart(part: string): string {
  const plain = part.replace(UNSAFE, percentBytes);
  const bytes = Buffer.from(plain);
  if (bytes.length <= MAX_PART_BYTES) return plain;
  const head = bytes
    .subarray(0, TRUNCATED_PART_BYTES)
    .toString()
    .replace(/\uFFFD+$/u, '');
  return `${head}~${sha256(part)}`;
}
