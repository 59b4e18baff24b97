/**
 * Progress that a person can follow. On a terminal one line counts what is under way and finished steps stay
 * above it; elsewhere plain lines at the start, every 15 s, and at the end. Steps may run side by side.
 */

import { performance } from 'node:perf_hooks';

/**
 * @typedef {object} ShownStep
 * @property {(words: string) => void} update
 * @property {(words?: string) => void} done
 * @property {(words?: string) => void} failed
 */
/** @typedef {{ say: (line: string) => void, begin: (title: string) => ShownStep }} Progress */
/**
 * @typedef {object} ProgressOptions
 * @property {(text: string) => void} [write] gets text
 * @property {boolean} [terminal] whether a line may be rewritten
 * @property {number} [width] columns
 * @property {number} [quietMilliseconds]
 */

const QUIET_MILLISECONDS = 15_000;
const FRAME_MILLISECONDS = 200;
const CLEAR = '\r\x1b[2K';

/**
 * `write` gets text; `terminal` says whether a line may be rewritten; `width` is its columns.
 * @param {ProgressOptions} [options]
 * @returns {Progress}
 */
export function createProgress({
  write = (text) => void process.stderr.write(text),
  terminal = process.stderr.isTTY === true,
  width = process.stderr.columns ?? 80,
  quietMilliseconds = QUIET_MILLISECONDS,
} = {}) {
  /** @type {Set<ReturnType<typeof createStep>>} */
  const active = new Set();
  const line = () =>
    [...active]
      .map((step) => step.text())
      .join(' · ')
      .slice(0, width - 6);
  const paint = () => active.size > 0 && write(terminal ? `${CLEAR}  … ${line()}` : `  … ${line()}\n`);
  const print = (/** @type {string} */ text) => {
    write(`${terminal ? CLEAR : ''}${text}\n`);
    if (terminal) {
      paint();
    }
  };
  /** @type {NodeJS.Timeout | null} */
  let timer = null;
  const begin = (/** @type {string} */ title) => {
    const step = createStep(title);
    active.add(step);
    timer ??= setInterval(paint, terminal ? FRAME_MILLISECONDS : quietMilliseconds).unref();
    if (!terminal) {
      write(`  … ${title}\n`);
    }
    const end = (/** @type {string} */ mark, /** @type {string | undefined} */ words) => {
      active.delete(step);
      if (active.size === 0) {
        clearInterval(timer ?? undefined);
        timer = null;
      }
      print(`  ${mark} ${title}  ${step.elapsed()}${words ? `  ${words}` : ''}`);
    };
    return {
      update: step.update,
      done: (/** @type {string | undefined} */ words) => end('✓', words),
      failed: (/** @type {string | undefined} */ words) => end('✗', words),
    };
  };
  return { say: print, begin };
}

/** @param {string} title */
function createStep(title) {
  const started = performance.now();
  let note = '';
  const elapsed = () => duration(performance.now() - started);
  return {
    elapsed,
    update: (/** @type {string} */ words) => {
      note = words ? ` (${words})` : '';
    },
    text: () => `${title} ${elapsed()}${note}`,
  };
}

/**
 * Milliseconds for people: 0.4 s, 41 s, 3 min 5 s.
 * @param {number} milliseconds
 */
export function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`;
  }
  return seconds < 60
    ? `${Math.round(seconds)} s`
    : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/**
 * Bytes for people: 12.3 MB.
 * @param {number} count
 */
export function bytes(count) {
  return count < 1_000_000 ? `${Math.ceil(count / 1000)} kB` : `${(count / 1_000_000).toFixed(1)} MB`;
}
