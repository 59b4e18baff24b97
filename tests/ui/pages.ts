/** Every page of the web UI, with what is there when it has loaded. */

import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { drop } from './browser.ts';
import type { ComparedRows } from './compared-rows.ts';

/** Sessions that the pages show. */
export interface Shown {
  experiment: string;
  /** It ran all its stages. */
  session: string;
  /** It asks a question. */
  asking: string;
  /** A run of the sample's classification that has ended. */
  classified: string;
  /** Sessions that were forked from each other. */
  forked: ComparedRows;
}

export interface UiPage {
  name: string;
  address: (shown: Shown) => string;
  /** What a person waits for. */
  shows: (page: Page) => Locator;
  /** What is done before it is looked at. */
  first?: (page: Page) => Promise<void>;
}

const heading = (name: string) => (page: Page) => page.getByRole('heading', { level: 1, name });
const tab = (name: string, shows: UiPage['shows']): UiPage => ({
  ...{ name: `studio ${name}`, shows },
  address: ({ session }) => `/sessions/${session}/${name}`,
});

const run = (name: string, path: string, shows: UiPage['shows']): UiPage => ({
  ...{ name: `classified ${name}`, shows },
  address: ({ classified }) => `/classify/runs/${classified}${path}`,
});
const inGrid = (name: string) => (page: Page) =>
  page.getByRole('grid', { name }).getByRole('gridcell').first();

export const PAGES: readonly UiPage[] = [
  { name: 'gallery', address: () => '/', shows: (page) => page.locator('.score').first() },
  {
    name: 'gallery rows',
    address: () => '/',
    shows: (page) => page.getByRole('table'),
    first: async (page) => {
      await page.getByRole('heading', { level: 1, name: 'Experiments' }).waitFor();
      await page.keyboard.press('v');
    },
  },
  { name: 'new', address: () => '/new', shows: (page) => page.getByText('Drop a table here') },
  {
    name: 'new with a table',
    address: () => '/new',
    shows: (page) => page.getByRole('button', { name: 'Start', exact: true }),
    first: async (page) => {
      await page.getByText('Drop a table here').waitFor();
      await drop(page, 'penguins.csv', readFileSync('examples/penguins.csv'));
    },
  },
  {
    name: 'experiment',
    address: ({ experiment }) => `/experiments/${experiment}`,
    shows: (page) => page.getByRole('heading', { name: 'Settings' }),
  },
  {
    name: 'studio',
    address: ({ session }) => `/sessions/${session}`,
    shows: (page) =>
      page
        .getByRole('log', { name: /^Conversation/ })
        .locator('.call')
        .first(),
  },
  {
    name: 'studio asking',
    address: ({ asking }) => `/sessions/${asking}`,
    shows: (page) => page.getByRole('heading', { name: 'The agent asks' }),
  },
  tab('report', (page) => page.locator('article img').first()),
  tab('decisions', (page) => page.getByRole('table', { name: 'Columns' }).getByRole('row').nth(3)),
  tab('figures', (page) => page.getByRole('tabpanel').locator('img').first()),
  tab('metrics', (page) => page.locator('section.panel').first()),
  tab('data', (page) => page.getByText('240 of 240 rows')),
  tab('code', (page) => page.getByRole('tabpanel').locator('pre, code').first()),
  tab('files', (page) => page.getByRole('link', { name: 'All as zip' })),
  tab('model', (page) => page.getByRole('link', { name: 'Download model.pkl' })),
  tab('lineage', (page) => page.getByRole('tabpanel').locator('.graph svg, dl').first()),
  tab('timeline', (page) => page.getByRole('table').first()),
  {
    name: 'compare',
    address: ({ session, asking }) => `/compare?sessions=${session},${asking}`,
    shows: (page) => page.getByRole('region', { name: /^Comparison/ }),
  },
  {
    name: 'compare forks',
    address: ({ forked }) => `/compare?sessions=${forked.sessions.join(',')}`,
    shows: (page) => page.getByText('better on the same 5 folds'),
  },
  {
    name: 'experiment with forks',
    address: ({ forked }) => `/experiments/${forked.experiment}`,
    shows: (page) => page.getByRole('list', { name: 'Forks of this experiment' }),
    first: (page) => page.getByRole('heading', { name: 'Forks' }).scrollIntoViewIfNeeded(),
  },
  { name: 'compare nothing', address: () => '/compare', shows: heading('Compare') },
  {
    name: 'models',
    address: () => '/models',
    shows: (page) => page.getByRole('table', { name: 'Finished models' }),
  },
  { name: 'agents', address: () => '/agents', shows: heading('Agents') },
  {
    name: 'classify',
    address: () => '/classify',
    shows: (page) => page.getByRole('table', { name: 'Data sources' }),
  },
  {
    name: 'classify source',
    address: () => '/classify/sources/sample',
    shows: (page) => page.getByRole('table', { name: 'Tables' }),
  },
  run('run', '', (page) => page.getByRole('heading', { name: 'What came of it' })),
  run('results', '/results', inGrid('Classified columns')),
  run('evidence', '/results/0-1', (page) => page.getByRole('region', { name: 'Evidence' })),
  run('groups', '/results?by=term', inGrid('Terms')),
  run('review', '/review', (page) => page.getByRole('list', { name: 'Values that were read' })),
  run('map', '/map', (page) => page.getByRole('list', { name: 'Branches' })),
  run('terms', '/terms', (page) => page.getByRole('list', { name: 'Terms' })),
  run('quality', '/evaluation', (page) => page.getByRole('table', { name: /^Confusion/ })),
  { name: 'connections', address: () => '/classify/connections', shows: heading('Connections') },
  { name: 'one column', address: () => '/classify/explain', shows: heading('One column') },
  {
    name: 'vocabularies',
    address: () => '/classify/vocabularies',
    shows: (page) => page.getByRole('table', { name: 'Vocabularies' }),
  },
  {
    name: 'vocabulary',
    address: () => '/classify/vocabularies/tempera',
    shows: (page) => page.getByRole('list', { name: 'Terms' }),
  },
  { name: 'status', address: () => '/status', shows: (page) => page.getByText('Postgres').first() },
  { name: 'settings', address: () => '/settings', shows: heading('Settings') },
  {
    name: 'missing',
    address: () => '/nothing/of/that/name',
    shows: (page) => page.getByText('There is no page here'),
  },
  {
    name: 'palette',
    address: () => '/settings',
    shows: (page) => page.getByRole('dialog').getByRole('option').first(),
    first: async (page) => {
      await heading('Settings')(page).waitFor();
      await page.keyboard.press('Control+k');
    },
  },
];
