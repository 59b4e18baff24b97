/** Rules of the sources that no linter knows: each a pattern, where it holds, and why. */

import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { listFiles } from './digest.mjs';

const { source: CODE } = JSON.parse(readFileSync(new URL('./folders.json', import.meta.url), 'utf8'));

/**
 * @typedef {object} Rule
 * @property {string} name
 * @property {RegExp} pattern
 * @property {readonly string[]} folders
 * @property {RegExp | null} except files where it may be
 */

/** @type {readonly Rule[]} */
export const RULES = [
  {
    name: 'only config reads the environment',
    pattern: /\bprocess\.env\b/,
    folders: CODE,
    // the bootstrap runs before config can be loaded
    except: /^(config\/load\.ts|platform\/(bootstrap|build|proto|guard)\.mjs|platform\/setup\/.*)$/,
  },
  {
    name: 'the agent loop has no branch on a provider’s name',
    pattern: /(===|!==|case)\s*['"`](anthropic|autopilot|bedrock|openai)/,
    folders: ['workflows', 'activities', 'agents'],
    except: null,
  },
  {
    name: 'a session’s stream and workflow are named by core/session-names.ts',
    pattern: /['"`]session\/(\$\{|['"`])/,
    folders: [...CODE, 'ui/src'],
    except: /^core\/session-names\.ts$/,
  },
  {
    name: 'a session’s rows and events are written by inSession, which tells its readers',
    pattern: /\bevents\.notify\(/,
    folders: ['activities', 'worker'],
    except: null,
  },
  {
    name: 'in which state a session is at work is said by core/session-rules.ts and core/session-state.ts',
    pattern: /_running['"`)\\]/,
    folders: [...CODE, 'ui/src'],
    except: /^core\/session-state\.ts$|^ui\/src\/lib\/api\/generated\.ts$/,
  },
  {
    name: 'folders are made by makeFolder, which ends wherever they are to be',
    pattern: /\bmkdir(Sync)?\(.*recursive/,
    folders: CODE,
    // below the repository
    except: /^config\/show\.ts$/,
  },
  {
    name: 'a component fetches by Resource, which keeps what it shows and loads again after an outage',
    pattern: /\bnew AbortController\(/,
    folders: ['ui/src'],
    // what a person asks for and may take back
    except: /\.ts$|^ui\/src\/pages\/studio\/data\/sql-editor\.svelte$/,
  },
  {
    name: 'what a component follows tells it by createSubscriber, in one place',
    pattern: /\bvoid (this\.#|\w+\.)?version\b/,
    folders: ['ui/src'],
    // its rows tell their one reader
    except: /^ui\/src\/lib\/grid\/data-grid\.svelte$/,
  },
  {
    name: 'console output only where a process begins',
    pattern: /\bconsole\.(log|info|debug)\(/,
    folders: CODE.filter(
      (/** @type {string} */ folder) => !['worker', 'api', 'platform', 'cli'].includes(folder),
    ),
    except: null,
  },
];

/**
 * One line a violation: file, line, rule.
 * @param {string} root
 * @returns {string[]}
 */
export function findViolations(root, rules = RULES) {
  return rules.flatMap(({ name, pattern, folders, except }) =>
    folders
      .flatMap((folder) =>
        listFiles(join(root, folder), (file) => /\.(ts|mjs|svelte)$/.test(file) && !/\.test\.ts$/.test(file)),
      )
      .map((file) => relative(root, file))
      .filter((file) => !file.includes('/generated/') && !file.includes('/testing/') && !except?.test(file))
      .flatMap((file) => matchingLines(join(root, file), pattern).map((line) => `${file}:${line}  ${name}`)),
  );
}

/**
 * @param {string} file
 * @param {RegExp} pattern
 */
function matchingLines(file, pattern) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text, index) => (pattern.test(text) && !/^\s*(\/?\*|\/\/)/.test(text) ? [index + 1] : []));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const violations = findViolations(process.cwd());
  for (const line of violations) {
    console.error(line);
  }
  process.exitCode = violations.length > 0 ? 1 : 0;
}
