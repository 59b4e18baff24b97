/** A platform to measure: in a home of its own, with the timings that people get, and one planted slowdown if asked. */

import { createDatabase, type Database } from '../db/index.ts';
import { type AnthropicServer, startAnthropicServer } from '../tests/anthropic-server/index.ts';
import { startPlatform, type TestPlatform } from '../tests/platform/platform.ts';
import { byStage, type ScriptedStages } from '../tests/platform/scripted.ts';

/** The defaults of config/base.conf, in place of the scaled ones with which the tests run. */
const USUAL_TIMINGS = {
  HEARTBEAT_TIMEOUT_SECONDS: '10',
  WORKER_LOST_SECONDS: '10',
  WORKER_HEARTBEAT_SECONDS: '2',
  RESTART_MAXIMUM_MILLISECONDS: '30000',
  HEALTH_INTERVAL_MILLISECONDS: '2000',
};

export interface BenchPlatform {
  platform: TestPlatform;
  database: Database;
  model: AnthropicServer;
  /** provider/model of sessions that use the scripted model; others use autopilot. */
  scriptedModel: string;
  stop(): Promise<void>;
}

/** @param stages what the scripted model says; sessions of autopilot do without */
export async function startBenchPlatform(stages: ScriptedStages): Promise<BenchPlatform> {
  const model = await startAnthropicServer({ script: byStage(stages) });
  const environment = {
    ...USUAL_TIMINGS,
    ANTHROPIC_API_KEY: 'test-key',
    ANTHROPIC_BASE_URL: model.url,
    TEMPERA_MODEL: 'autopilot/standard',
  };
  const platform = await startPlatform({ environment });
  const database = createDatabase({ url: platform.variables().DATABASE_URL ?? '', poolSize: 2 });
  return {
    platform,
    database,
    model,
    scriptedModel: 'anthropic/claude-sonnet-4-5',
    async stop() {
      await database.close();
      await platform.stop();
      await model.close();
    },
  };
}

/** What a planted trigger slows down, in SQL. */
export interface PlantedDelay {
  table: 'messages' | 'metrics';
  when: 'insert';
  /** Each row of a statement, or the statement once. */
  each: 'row' | 'statement';
  /** Condition over `old` and `new` (each row only). Default: always. */
  condition?: string;
  seconds: number;
}

/** Makes the platform's own database slow: nothing of the product is changed for it. */
export async function plantDelay(database: Database, delay: PlantedDelay): Promise<void> {
  const name = `planted_${delay.table}_${delay.when}`;
  await database.query(
    `create function ${name}() returns trigger language plpgsql as $$ begin perform pg_sleep(${delay.seconds}); ` +
      'return new; end $$',
  );
  const condition = delay.condition === undefined ? '' : `when (${delay.condition})`;
  await database.query(
    `create trigger ${name} before ${delay.when} on ${delay.table} for each ${delay.each} ` +
      `${condition} execute function ${name}()`,
  );
}
