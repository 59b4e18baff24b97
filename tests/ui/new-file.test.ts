/** A session's decisions taken to a new file from its page: what does not fit stands as a table, then it starts. */

import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import type { Decision } from '../../core/decisions.ts';
import { startBrowser, type Visit, visit } from './browser.ts';
import { thePlace } from './place.ts';

let browser: Browser;
let visitor: Visit;
beforeAll(async () => {
  browser = await startBrowser();
  visitor = await visit(browser);
}, 60_000);
afterAll(() => browser?.close(), 60_000);

/** The penguins with `sex` under another name and a column more. */
function nextMonth(): { name: string; mimeType: string; buffer: Buffer } {
  const [head = '', ...rows] = readFileSync('examples/penguins.csv', 'utf8').trim().split(/\r?\n/);
  const lines = [`${head.replace(/\bsex\b/, 'bird_sex')},colour`, ...rows.map((row) => `${row},grey`)];
  return { name: 'next-month.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) };
}

test('a new file is chosen, a renamed column is asked about, and the answer is the person’s', async () => {
  const { rest, scripted: model } = thePlace();
  const experiment = await rest.createExperiment('examples/penguins.csv', { target: 'species' });
  const decisions = [{ key: 'column.sex.use', value: 'out' }];
  const session = await rest.createSession(experiment.id, { mode: 'manual', model, decisions });
  const { page, problems } = visitor;
  await visitor.open(`/sessions/${session.id}/decisions`);
  await page.getByRole('button', { name: 'Run on a new file' }).click();
  const dialog = page.getByRole('dialog', { name: 'Run on a new file' });
  expect(await dialog.getByRole('button', { name: 'Start' }).isDisabled()).toBe(true);
  await dialog.getByLabel(/choose a file/).setInputFiles(nextMonth());
  await dialog.getByText('2 decisions kept, all yours.').waitFor();
  await dialog.getByText('New: bird_sex, colour. The agent decides what becomes of them.').waitFor();
  const question = dialog.getByRole('group', { name: 'The new table has no column sex' });
  await question.getByText('recommended').waitFor();
  expect(await question.getByRole('radio', { name: 'bird_sex' }).isChecked()).toBe(true);
  await question.getByRole('radio', { name: 'gone' }).check();
  await dialog.getByText('1 decision kept, all yours.').waitFor();
  await question.getByRole('radio', { name: 'bird_sex' }).check();
  await dialog.getByText('2 decisions kept, all yours.').waitFor();
  await dialog.getByRole('button', { name: 'Start' }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/sessions/') && !url.pathname.includes(session.id));
  const made = new URL(page.url()).pathname.split('/')[2] ?? '';
  const { items } = await rest.get<{ items: Decision[] }>(`/api/sessions/${made}/decisions`);
  const out = items.find(({ key }) => key === 'column.bird_sex.use');
  expect(out).toMatchObject({ value: 'out', by: 'person', inherited_from: session.id, to_confirm: false });
  await visitor.open(`/sessions/${made}/decisions`);
  await page
    .getByText(`kept from …${session.id.slice(-6)}`)
    .first()
    .waitFor();
  expect(problems).toEqual([]);
}, 60_000);
