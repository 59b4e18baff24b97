/**
 * The one platform of all files that kill and configure nothing: set-up starts it and tells of it in an environment
 * variable, which is all that reaches the tests. Files take turns with it, so that each has it alone; whoever leaves
 * lets nothing run.
 */

import { randomBytes } from 'node:crypto';
import { createDatabase } from '../../db/index.ts';
import { startAnthropicServer } from '../anthropic-server/index.ts';
import { momentOptions } from './moments.ts';
import { platformIn, startPlatform, type TestPlatform } from './platform.ts';
import { byStage, type ScriptedPlatform, type ScriptedStages, startScripted } from './scripted.ts';
import { startTurns, takeTurn } from './turns.ts';
import { until } from './wait.ts';

const VARIABLE = 'TEMPERA_TEST_PLATFORM';

interface Place {
  home: string;
  /** Where turns are asked for. */
  turns: number;
  /** The key of the model's provider. */
  key: string;
}

/**
 * What the files that share ask for; none of it is in another's way. A part that starts is looked at often all the
 * same.
 */
export const ENVIRONMENT = {
  MAX_SQL_SECONDS: '3',
  INTERRUPT_GRACE_SECONDS: '2',
  HEALTH_INTERVAL_MILLISECONDS: '2000',
};

/** Starts the platform that files share. @returns what stops it */
export async function startShared(): Promise<() => Promise<void>> {
  const turns = await startTurns();
  const key = `sk-ant-shared-${randomBytes(12).toString('hex')}`;
  const platform = await startPlatform({
    environment: { ...ENVIRONMENT, ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: turns.modelUrl },
  });
  const place: Place = { home: platform.home, turns: turns.port, key };
  process.env[VARIABLE] = JSON.stringify(place);
  return async () => {
    delete process.env[VARIABLE];
    turns.close();
    await platform.stop();
  };
}

/** True where a platform is shared already. */
export const isShared = (): boolean => process.env[VARIABLE] !== undefined;

/**
 * Takes the shared platform, with this file's scripted model behind it. In the long form, where these files kill too,
 * and where none is shared, it is one of the file's own.
 */
export async function takeScripted(stages: ScriptedStages): Promise<ScriptedPlatform & { key: string }> {
  const settings = process.env[VARIABLE];
  if (settings === undefined || momentOptions().long) {
    const key = 'sk-ant-own';
    const environment = { ...ENVIRONMENT, ANTHROPIC_API_KEY: key };
    return { ...(await startScripted(stages, { environment, server: { key } })), key };
  }
  const { home, turns, key }: Place = JSON.parse(settings);
  const model = await startAnthropicServer({ script: byStage(stages), key });
  const turn = await takeTurn(turns, Number(new URL(model.url).port)).catch(async (error: unknown) => {
    await model.close();
    throw error;
  });
  const platform = {
    ...platformIn(home),
    async stop() {
      try {
        await settle(platform);
      } finally {
        turn.give();
      }
    },
  };
  return {
    platform,
    model,
    name: 'anthropic/claude-sonnet-5-5',
    key,
    async stop() {
      await platform.stop().finally(() => model.close());
    },
  };
}

/** The shared platform for a file whose sessions have the platform's own model. */
export async function takePlatform(): Promise<TestPlatform> {
  const { platform, stop } = await takeScripted({});
  return { ...platform, stop };
}

/** Cancels whatever works or waits and returns when nothing has a sandbox: the next file finds a platform at rest. */
export async function settle({
  rest,
  run,
  variables,
}: Pick<TestPlatform, 'rest' | 'run' | 'variables'>): Promise<void> {
  await until('every part is well', () => run().processes.every(({ status }) => status === 'HEALTHY'));
  const database = createDatabase({ url: variables().DATABASE_URL ?? '', poolSize: 1 });
  try {
    await until('the shared platform is at rest', async () => {
      const busy = await database.query<{ id: string }>(
        `select id from sessions s where state like '%running' or follow_up is not null
          or exists (select from leases l where l.session_id = s.id)`,
      );
      await Promise.all(busy.map(({ id }) => rest.send('POST', `/api/sessions/${id}/cancel`, {})));
      return busy.length === 0;
    });
  } finally {
    await database.close();
  }
}
