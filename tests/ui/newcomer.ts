/**
 * The one session of all browser tests that ran all its stages, begun as a newcomer begins one: whoever asks first
 * walks the newcomer's path, and what came of it is kept in a file.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentOf, drop, startBrowser, type Visit, visit } from './browser.ts';
import { thePlace } from './place.ts';

/** Longest that the path takes, with a session's three stages. */
export const WALK_MS = 200_000;

export interface Walked {
  session: string;
  clicks: number;
  problems: string[];
  download: { name: string; bytes: number };
}

/** What came of the newcomer's path. @throws for everybody what it threw for the first */
export async function newcomer(): Promise<Walked> {
  const file = join(thePlace().home, 'newcomer.json');
  if (!existsSync(file))
    writeFileSync(file, JSON.stringify(await walk().catch((error: Error) => ({ error: error.stack }))));
  const walked: Walked | { error: string } = JSON.parse(readFileSync(file, 'utf8'));
  if ('error' in walked) throw new Error(`the newcomer's path: ${walked.error}`);
  return walked;
}

/** A session of the penguins that has run all its stages. @returns its id */
export const penguins = async (): Promise<string> => (await newcomer()).session;

async function walk(): Promise<Walked> {
  const browser = await startBrowser();
  try {
    const visitor = await visit(browser);
    const session = await begin(visitor);
    const download = await readAndTake(visitor);
    return { session, clicks: visitor.clicks(), problems: visitor.problems, download };
  } finally {
    await browser.close();
  }
}

/** Opens, drops a file, starts and watches. */
async function begin(visitor: Visit): Promise<string> {
  const { page } = visitor;
  await visitor.open('/');
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await drop(page, 'penguins.csv', readFileSync('examples/penguins.csv'));
  await page.getByText('344 rows × 7 columns').waitFor();
  await visitor.click(page.getByRole('button', { name: 'Start', exact: true }));

  // watching: the agent's words and its steps come by themselves
  const conversation = page.getByRole('log', { name: /^Conversation/ });
  await conversation.locator('.call').first().waitFor({ timeout: 60_000 });
  await page.locator('li[data-stage="eda"].done').waitFor({ timeout: 60_000 });
  await page.locator('li[data-stage="train"].done').waitFor({ timeout: 90_000 });
  const [, session] = /\/sessions\/([\w-]+)/.exec(page.url()) ?? [];
  if (session === undefined) throw new Error(`no session is open: ${page.url()}`);
  return session;
}

/** Reads the report and downloads the model. */
async function readAndTake(visitor: Visit): Promise<Walked['download']> {
  const { page } = visitor;
  await visitor.click(page.getByRole('button', { name: 'EDA', exact: true }));
  await page
    .locator('article[data-stage="eda"], [data-stage="eda"] article')
    .getByRole('heading')
    .first()
    .waitFor();
  const figure = page.locator('[data-stage="eda"] article img').first();
  await figure.scrollIntoViewIfNeeded();
  await page.waitForFunction(
    () => (document.querySelector<HTMLImageElement>('[data-stage="eda"] article img')?.naturalWidth ?? 0) > 0,
  );
  await visitor.click(page.getByRole('tab', { name: 'Model' }));
  const downloading = page.waitForEvent('download');
  await visitor.click(page.getByRole('link', { name: 'Download model.pkl' }));
  const download = await downloading;
  return { name: download.suggestedFilename(), bytes: (await contentOf(download)).length };
}
