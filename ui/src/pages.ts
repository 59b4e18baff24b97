/** Which component draws which page. Each is fetched when it is first visited. */

import type { Component } from 'svelte';
import type { PageName } from './lib/routing/routes.ts';

type Loader = () => Promise<{ default: Component<Record<string, unknown>> }>;

const found = import.meta.glob<{ default: Component<Record<string, unknown>> }>([
  './pages/gallery/gallery.svelte',
  './pages/new/new-experiment.svelte',
  './pages/experiment/experiment.svelte',
  './pages/studio/studio.svelte',
  './pages/compare/compare.svelte',
  './pages/models/models.svelte',
  './pages/agents/agents.svelte',
  './pages/status/status.svelte',
  './pages/settings/settings.svelte',
]);

const FILES: Readonly<Record<Exclude<PageName, 'missing'>, string>> = {
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

/** Where the component of `page` comes from; null where there is none. */
export const pageLoader = (page: PageName): Loader | null =>
  page === 'missing' ? null : (found[FILES[page]] ?? null);
