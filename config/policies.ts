/** Reads config/policies.yaml, and reads it again when it changes. */

import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Policies, PoliciesSchema, type PolicySource } from '../core/access/policies.ts';
import { TemperaError } from '../core/errors.ts';
import { inWords } from '../core/issue-words.ts';

export interface PolicyReader extends PolicySource {
  /** Reads the file again; one that cannot be used leaves the last one in force and is told of. */
  readAgain(): void;
  close(): void;
}

export interface PolicyReaderOptions {
  /** Told why a changed file is not used. */
  warn: (message: string) => void;
  /** Milliseconds between two looks at the file. Default 1,000. */
  intervalMilliseconds?: number;
}

/** The file that says who may do what. */
export const policyFile = (root: string): string => join(root, 'config', 'policies.yaml');

/** @throws TemperaError INVALID_INPUT that says where the file is wrong */
export function readPolicies(file: string): Policies {
  const parsed = PoliciesSchema.safeParse(contentOf(file), { error: inWords });
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'it'} ${message}`);
  throw new TemperaError('INVALID_INPUT', `${file} cannot be used: ${issues.join('; ')}.`);
}

function contentOf(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new TemperaError('INVALID_INPUT', `${file} cannot be read: ${why}`, { cause: error });
  }
}

/** Reads the file and watches it by its times, which also tells of one that was put in another's place. */
export function createPolicyReader(file: string, options: PolicyReaderOptions): PolicyReader {
  const { warn, intervalMilliseconds = 1_000 } = options;
  let policies = readPolicies(file);
  const readAgain = (): void => {
    try {
      policies = readPolicies(file);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      warn(`${why} The policies read before stay in force.`);
    }
  };
  watchFile(file, { persistent: false, interval: intervalMilliseconds }, readAgain);
  return {
    current: () => policies,
    readAgain,
    close: () => unwatchFile(file, readAgain),
  };
}
