/** What failed at the start holds nothing up and stands in the status until it is mended, its reason for admins. */

import { TemperaError } from '../core/errors.ts';
import { LOCAL } from '../core/principal.ts';
import { atStart, type ReportPart } from './services/classification/at-start.ts';
import { type PlatformStatus, statusFor } from './services/status.ts';
import { StartProblems } from './start-problems.ts';

const WHAT = 'registering the sample source';

async function start(work: (report: ReportPart, stop: () => void) => void, problems = new StartProblems()) {
  const controller = new AbortController();
  const logged: unknown[] = [];
  const task = { signal: controller.signal, tell: (event: unknown) => void logged.push(event), problems };
  await atStart(WHAT, task, async (report) => work(report, () => controller.abort()));
  return { problems, logged, shown: problems.list().map(({ at: _at, ...problem }) => problem) };
}

const refuse = (): never => {
  throw new TemperaError('INVALID_INPUT', 'The sample has no table.');
};

test('what only a person mends is logged once and stands until the task is done', async () => {
  const { problems, logged, shown } = await start(refuse);
  expect(shown).toEqual([{ what: WHAT, message: 'The sample has no table.', is_retried: false }]);
  expect(logged).toEqual([{ what: WHAT, message: 'The sample has no table.' }]);
  expect((await start(() => undefined, problems)).shown).toEqual([]);
});

test('an outage is tried again by itself, and a part that fails stands beside the others', async () => {
  const outage = await start((_report, stop) => {
    stop();
    throw new Error('ECONNREFUSED');
  });
  expect(outage.shown).toEqual([{ what: WHAT, message: 'ECONNREFUSED', is_retried: true }]);
  const part = { what: 'the vocabulary x', message: 'Line 3 is wrong.' };
  const { shown } = await start((report) => report(part.what, part.message));
  expect(shown).toEqual([{ ...part, is_retried: false }]);
});

test('why something failed is for admins, that it did for everybody', async () => {
  const { problems } = await start(refuse);
  const status = { start_problems: problems.list() } as unknown as PlatformStatus;
  expect(statusFor(status, LOCAL)).toEqual(status);
  const [seen] = statusFor(status, { id: 'b', role: 'user' }).start_problems;
  expect(seen).toMatchObject({ what: WHAT, message: null });
});
