/** Which component draws which page. Each is fetched when it is first visited. */

import type { Component } from 'svelte';
import type { PageName } from './lib/routing/routes.ts';
import { PAGE_FILES } from './page-files.ts';

type Loader = () => Promise<{ default: Component<Record<string, unknown>> }>;

const found = import.meta.glob<{ default: Component<Record<string, unknown>> }>([
  './pages/gallery/gallery.svelte',
  './pages/new/new-experiment.svelte',
  './pages/experiment/experiment.svelte',
  './pages/studio/studio.svelte',
  './pages/compare/compare.svelte',
  './pages/models/models.svelte',
  './pages/agents/agents.svelte',
  './pages/classify/sources.svelte',
  './pages/classify/source.svelte',
  './pages/classified/run.svelte',
  './pages/connections/connections.svelte',
  './pages/explain/explain.svelte',
  './pages/vocabularies/vocabularies.svelte',
  './pages/vocabularies/vocabulary.svelte',
  './pages/status/status.svelte',
  './pages/settings/settings.svelte',
]);

/** Where the component of `page` comes from; null where there is none. */
export const pageLoader = (page: PageName): Loader | null =>
  page === 'missing' ? null : (found[PAGE_FILES[page].file] ?? null);
