import { writeFileSync } from 'node:fs';
import { addCompared, addExperiment } from '../bench/ui/rows.ts';
import { LOCAL } from '../core/principal.ts';
import { compareSessions, comparedDecisions } from '../db/index.ts';
import { comparedSessions } from './services/compared.ts';
import { startTestPostgres } from '../db/testing/postgres.ts';

test('measured', async () => {
  const postgres = await startTestPostgres();
  const db = postgres.open();
  const out: string[] = [];
  const experiments: string[] = [];
  for (let n = 0; n < 25; n += 1) experiments.push(await addExperiment(db, `e${n}`));
  const ids = await addCompared(db, experiments, 1000);
  await db.query('analyze');
  const filter = { ids, experiment: null, most: 1000, reference: null };
  const timed = async (what: string, run: () => Promise<unknown>) => {
    for (let n = 0; n < 3; n += 1) {
      const began = performance.now();
      await run();
      out.push(`${what} ${Math.round(performance.now() - began)} ms`);
    }
  };
  await timed('sessions', () => compareSessions(db, LOCAL, filter));
  await timed('decisions', () => comparedDecisions(db, ids, 20));
  await timed('all', () => comparedSessions(db, LOCAL, filter));
  const answer = await comparedSessions(db, LOCAL, filter);
  out.push(`bytes ${JSON.stringify(answer).length} differing ${answer.differing.length} more ${answer.more_differing} ${answer.items[0]?.title}`);
  // 20 sessions that each left out 5,000 columns, some others
  const few = ids.slice(0, 20);
  await db.query(
    `insert into decisions (id, session_id, key, value, by)
     select gen_random_uuid(), id, 'column.d' || n || '.use', to_jsonb(case when (n + place) % 7 = 0 then 'in' else 'out' end), 'person'
     from unnest($1::uuid[]) with ordinality as made (id, place), generate_series(1, 5000) n`, [few]);
  await db.query('analyze');
  await timed('twenty of 5,000 columns', () => comparedSessions(db, LOCAL, { ...filter, ids: few }));
  await timed('all, twenty of 5,000 columns', () => comparedSessions(db, LOCAL, filter));
  writeFileSync('/tmp/compare/measured.txt', out.join('\n'));
  await postgres.stop();
  expect(out.length).toBeGreaterThan(0);
}, 120_000);
