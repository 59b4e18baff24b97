/** Which file draws which page, and what each page shows first: without it nothing is to be read there. */

import type { PageName } from './lib/routing/routes.ts';

export const PAGE_FILES: Readonly<Record<Exclude<PageName, 'missing'>, string>> = {
  gallery: './pages/gallery/gallery.svelte',
  new: './pages/new/new-experiment.svelte',
  experiment: './pages/experiment/experiment.svelte',
  studio: './pages/studio/studio.svelte',
  compare: './pages/compare/compare.svelte',
  models: './pages/models/models.svelte',
  agents: './pages/agents/agents.svelte',
  status: './pages/status/status.svelte',
  settings: './pages/settings/settings.svelte',
};

/** Parts that a page fetches when they are opened, and opens first. */
export const FIRST_PARTS: Partial<Record<PageName, string>> = {
  studio: './pages/studio/report-tab.svelte',
};
