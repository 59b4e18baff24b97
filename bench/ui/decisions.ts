/** The tab of decisions over a table of very many columns: how soon it is there, and how soon a change shows. */

import { newId } from '../../core/ids.ts';
import { LOCAL } from '../../core/principal.ts';
import { type Database, insertDecisions, insertExperiment } from '../../db/index.ts';
import { type BenchBrowser, within } from './browser.ts';
import { studioEvents } from './conversations.ts';
import { addSession } from './rows.ts';

const COLUMNS = 5_000;
/** Of these a person has left out. */
const CHANGED = 1_000;

/** @returns a session over a table of `COLUMNS` columns */
export async function addDecided(database: Database): Promise<string> {
  const id = newId();
  const columns = Array.from({ length: COLUMNS }, (_, at) => ({
    ...{ name: `gene ${at}`, type: 'number', kind: 'number', kind_words: 'number' },
    ...{ missing: at % 50, distinct: 100 + at, min: 0, max: 99.5, mean: 50.25, sd: 28.9 },
  }));
  const profile = { format: 'csv', rows: 1_000, columns, preview: [], warnings: [] };
  const row = { id, name: 'Genes', dataset_ref: `s3://tempera/datasets/${id}/`, target: 'gene 0' };
  await database.transaction((tx) =>
    insertExperiment(tx, LOCAL, { ...row, dataset: { files: [], profile } }),
  );
  const session = await addSession(database, id, studioEvents(60));
  const changed = Array.from({ length: CHANGED }, (_, at) => ({
    ...{ id: newId(), session_id: session, stage: 'prep' as const, run: null, by: 'person' as const },
    ...{ key: `column.gene_${at + 1}.use`, value: 'out', reason: 'it was changed' },
  }));
  await database.transaction((tx) => insertDecisions(tx, changed));
  return session;
}

export interface DecisionTimes {
  /** Milliseconds from the click on the tab until the columns are drawn. */
  fromClick: number;
  /** Milliseconds from a choice in a cell until the bar counts it. */
  echo: number;
}

/** The decisions of a session, asked for by a click in a window that was just opened, and one of them changed. */
export async function measureDecisions(
  browser: BenchBrowser,
  session: string,
  runs: number,
): Promise<DecisionTimes[]> {
  const times: DecisionTimes[] = [];
  for (let run = 0; run < runs; run += 1) {
    const visit = await browser.visit(true);
    const { page } = visit;
    try {
      await visit.open(`/sessions/${session}`, [{ selector: '[role=log]' }]);
      const drawn = page.evaluate(() =>
        window.probe.drawn([{ selector: '[aria-label="Columns"] [role=rowheader]', least: 10 }]),
      );
      await page.getByRole('tab', { name: 'Decisions' }).click();
      const at = await within(drawn, 60, `the decisions of session ${session}`);
      const clicked = await page.evaluate(() => window.probe.clickedAt());
      const echo = await within(page.evaluate(chooseAndWait), 60, `a change in session ${session}`);
      await page.getByRole('button', { name: 'Discard' }).click();
      times.push({ fromClick: at - clicked, echo });
    } finally {
      await visit.close();
    }
  }
  return times;
}

/** Runs in the page: takes a column in again, as by its list. */
async function chooseAndWait(): Promise<number> {
  const list = document.querySelector<HTMLSelectElement>('[aria-label="Use of gene 1"]');
  if (list === null) throw new Error('there is no list for the use of the column');
  const begun = performance.now();
  list.selectedIndex = 0;
  list.dispatchEvent(new Event('change', { bubbles: true }));
  const bar = '[aria-label="Changes not yet sent"] strong';
  return (await window.probe.drawn([{ selector: bar, text: '1 change' }])) - begun;
}
