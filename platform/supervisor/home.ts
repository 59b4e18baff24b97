/** The folder of all state: its layout, its version, its secrets and the ports it keeps from start to start. */

import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { TemperaError } from '../../core/errors.ts';
import { writeAtomic } from '../setup/digest.mjs';
import { makeFolder } from '../setup/make-folder.mjs';

/** Raised when the layout changes in a way that an older release cannot read. */
const FORMAT = 1;

const SecretsSchema = z.object({
  databasePassword: z.string(),
  s3AccessKey: z.string(),
  s3SecretKey: z.string(),
  sandboxToken: z.string(),
  /** Seals the credentials of data connections: without it they are lost. */
  credentialsKey: z.string(),
  /** Lets this machine's own commands in where keys are asked for. */
  localKey: z.string(),
});
export type Secrets = z.infer<typeof SecretsSchema>;

export interface Home {
  folder: string;
  /** True where nothing was there before. */
  isNew: boolean;
  secrets: Secrets;
  /** A path inside it. */
  path(...parts: string[]): string;
}

/** Opens or makes the home. @throws TemperaError CONFLICT where a newer release has written it. */
export function openHome(folder: string): Home {
  const path = (...parts: string[]) => join(folder, ...parts);
  const isNew = !existsSync(path('version.json'));
  makeFolder(folder, 0o700);
  // it holds secrets, tables and models: its owner's alone, also where it was made before us
  chmodSync(folder, 0o700);
  for (const inner of ['logs', 'run', 'postgres', 'temporal', 's3', 'sandbox']) {
    makeFolder(path(inner), 0o755);
  }
  checkVersion(path('version.json'));
  return { folder, isNew, secrets: readSecrets(path('secrets.json')), path };
}

function checkVersion(file: string): void {
  if (!existsSync(file)) {
    writeAtomic(file, JSON.stringify({ format: FORMAT }));
    return;
  }
  const { format } = z.object({ format: z.number() }).parse(JSON.parse(readFileSync(file, 'utf8')));
  if (format > FORMAT) {
    throw new TemperaError(
      'CONFLICT',
      `${file} was written by a newer release (format ${format}, this one knows ${FORMAT}): ` +
        'upgrade, or set TEMPERA_HOME to another folder.',
    );
  }
}

/** What is missing, all of it or what an older release did not know, is made once. */
function readSecrets(file: string): Secrets {
  const random = (bytes: number) => randomBytes(bytes).toString('hex');
  const fresh: Secrets = {
    databasePassword: random(24),
    s3AccessKey: `tempera${random(6)}`,
    s3SecretKey: random(24),
    sandboxToken: random(24),
    credentialsKey: random(32),
    localKey: random(32),
  };
  const stored = existsSync(file)
    ? SecretsSchema.partial().parse(JSON.parse(readFileSync(file, 'utf8')))
    : {};
  const secrets = { ...fresh, ...stored };
  if (Object.keys(stored).length < Object.keys(fresh).length)
    writeAtomic(file, JSON.stringify(secrets), 0o600);
  return secrets;
}

/** The key by which commands of this home's owner are let in; null where no platform has been here. */
export function homeKey(folder: string): string | null {
  const file = join(folder, 'secrets.json');
  if (!existsSync(file)) return null;
  return SecretsSchema.partial().parse(JSON.parse(readFileSync(file, 'utf8'))).localKey ?? null;
}
