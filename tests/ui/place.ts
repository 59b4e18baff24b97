/**
 * The one platform and the one browser of all browser tests: set-up starts them and tells of them in an environment
 * variable, which is all that reaches the tests. A script of the model waits where it says `held`, until a test
 * releases it by a file.
 */

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPlatformStatus } from '../../platform/supervisor/platform-status.ts';
import { createRest, type Rest } from '../platform/rest.ts';
import { until } from '../platform/wait.ts';

const VARIABLE = 'TEMPERA_TEST_UI';

export interface Place {
  /** ws:// address of the browser. */
  browser: string;
  /** The platform's folder of state. */
  home: string;
  url: string;
  /** postgres:// address of its database. */
  database: string;
  /** provider/model of sessions that do what scripts.ts says. */
  scripted: string;
}

export const keepPlace = (place: Place): void => {
  process.env[VARIABLE] = JSON.stringify(place);
};

/** True where a platform is there already, which is then used and left as it is. */
export const hasPlace = (): boolean => process.env[VARIABLE] !== undefined;

export function thePlace(): Place & { rest: Rest } {
  const settings = process.env[VARIABLE];
  if (settings === undefined) throw new Error('run these tests as the Jest project `browser`');
  const place: Place = JSON.parse(settings);
  return { ...place, rest: createRest(place.url) };
}

/** File whose being there lets go what is held under `name`. */
export const releaseFile = (home: string, name: string): string => join(home, `released-${name}`);

/** Lets the scripted model go on where it is held under `name`. */
export const release = (name: string): void => writeFileSync(releaseFile(thePlace().home, name), '');

/** File that is there once the model is held under `name`. */
export const heldFile = (home: string, name: string): string => join(home, `held-${name}`);

/** Waits until the scripted model is held under `name`: what came before it is over, and nothing else goes on. */
export const isHeld = (name: string): Promise<unknown> =>
  until(`the model is held for ${name}`, () => existsSync(heldFile(thePlace().home, name)));

/** kill -9 of the API, by the process id that the platform tells. @returns what waits until it is back */
export function killApi(): () => Promise<unknown> {
  const { home } = thePlace();
  const api = () => readPlatformStatus(home)?.processes.find(({ name }) => name === 'api');
  const killed = api()?.pid;
  if (!killed) throw new Error('the api does not run');
  process.kill(killed, 'SIGKILL');
  return () => until('the api is back', () => api()?.status === 'HEALTHY' && api()?.pid !== killed);
}

/**
 * A session of the penguins whose model does what script `name` of scripts.ts says, its eda begun.
 * @param options.key what its held turns wait for
 * @returns its id
 */
export async function scripted(
  name: string,
  { key = '', ...fields }: { key?: string; name?: string } = {},
): Promise<string> {
  const { rest, scripted: model } = thePlace();
  const instructions = `script: ${name}${key ? `/${key}` : ''}`;
  const experiment = await rest.createExperiment('examples/penguins.csv', {
    ...{ name: `Penguins, ${name}`, target: 'species', instructions },
    ...fields,
  });
  const session = await rest.createSession(experiment.id, { mode: 'manual', model });
  await rest.send('POST', `/api/sessions/${session.id}/stages/eda/start`, {});
  return session.id;
}
