/**
 * Downloads of released archives: the published checksum file first, then the archive into a temporary file,
 * checked before anything is unpacked. A server that does not answer in time is given up.
 */

import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { basename, dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { SetupError } from './command.mjs';

/**
 * @typedef {object} Download
 * @property {string} url
 * @property {string} checksums URL of the release's checksum file: lines of a SHA-256 and a file name
 * @property {string} file
 * @property {number} answerSeconds
 * @property {(received: number, total: number) => void} [onBytes]
 */

/**
 * Fetches `url` into `file` when its SHA-256 is the one that `checksums` (a URL) lists under its name.
 * `answerSeconds` bounds each silence; `onBytes(received, total)` tells how far it is.
 * @param {Download} download
 */
export async function downloadChecked({ url, checksums, file, answerSeconds, onBytes = () => {} }) {
  const listed = await fetchText(checksums, answerSeconds);
  const name = basename(new URL(url).pathname);
  const expected = listed
    .split('\n')
    .map((line) => line.trim().split(/\s+\*?/))
    .find(([, listedName]) => listedName === name)?.[0];
  if (!expected) {
    throw new SetupError(
      `${checksums} lists no checksum of ${name}`,
      'The release may have been withdrawn: build it with Go instead.',
    );
  }
  const found = await fetchFile({ url, file, answerSeconds, onBytes });
  if (found !== expected.toLowerCase()) {
    throw new SetupError(
      `${url} has the checksum ${found}, but ${basename(dirname(checksums))} publishes ${expected}`,
      'The download was damaged or changed on its way: try again, or build it with Go.',
    );
  }
}

/**
 * @param {string} url
 * @param {number} answerSeconds
 */
async function fetchText(url, answerSeconds) {
  const response = await request(url, AbortSignal.timeout(answerSeconds * 1000));
  return response.text();
}

/** @param {Omit<Required<Download>, 'checksums'>} download */
async function fetchFile({ url, file, answerSeconds, onBytes }) {
  const silence = new AbortController();
  const restart = silenceTimer(silence, answerSeconds);
  try {
    const response = await request(url, silence.signal);
    const total = Number(response.headers.get('content-length') ?? 0);
    const hash = createHash('sha256');
    const target = createWriteStream(file);
    let received = 0;
    for await (const chunk of response.body) {
      restart.again();
      received += chunk.length;
      hash.update(chunk);
      onBytes(received, total);
      if (!target.write(chunk)) {
        await new Promise((resolve) => target.once('drain', () => resolve(null)));
      }
    }
    await finished(target.end());
    return hash.digest('hex');
  } finally {
    restart.stop();
  }
}

/**
 * @param {string} url
 * @param {AbortSignal} signal
 */
async function request(url, signal) {
  const response = await fetch(url, { signal, redirect: 'follow' });
  if (!response.ok || response.body === null) {
    throw new SetupError(`${url} answers ${response.status}`, 'Check the address or build it with Go.');
  }
  return { ...{ headers: response.headers, body: response.body }, text: () => response.text() };
}

/**
 * @param {AbortController} controller
 * @param {number} seconds
 */
function silenceTimer(controller, seconds) {
  const arm = () => setTimeout(() => controller.abort(new Error(`no byte for ${seconds} s`)), seconds * 1000);
  let timer = arm();
  return {
    again: () => {
      clearTimeout(timer);
      timer = arm();
    },
    stop: () => clearTimeout(timer),
  };
}
