/** Which file draws which page. */

import { links, type PageName } from './lib/routing/routes.ts';

export interface PageFile {
  file: string;
  /** One of the page's addresses. */
  address: string;
}

export const PAGE_FILES: Readonly<Record<Exclude<PageName, 'missing'>, PageFile>> = {
  gallery: { file: './pages/gallery/gallery.svelte', address: links.gallery() },
  new: { file: './pages/new/new-experiment.svelte', address: links.new() },
  experiment: { file: './pages/experiment/experiment.svelte', address: links.experiment('id') },
  studio: { file: './pages/studio/studio.svelte', address: links.session('id') },
  compare: { file: './pages/compare/compare.svelte', address: links.compare() },
  models: { file: './pages/models/models.svelte', address: links.models() },
  agents: { file: './pages/agents/agents.svelte', address: links.agents() },
  classify: { file: './pages/classify/sources.svelte', address: links.classify() },
  source: { file: './pages/classify/source.svelte', address: links.source('id') },
  run: { file: './pages/classified/run.svelte', address: links.run('id') },
  connections: { file: './pages/connections/connections.svelte', address: links.connections() },
  explain: { file: './pages/explain/explain.svelte', address: links.explain() },
  vocabularies: { file: './pages/vocabularies/vocabularies.svelte', address: links.vocabularies() },
  vocabulary: { file: './pages/vocabularies/vocabulary.svelte', address: links.vocabulary('id') },
  status: { file: './pages/status/status.svelte', address: links.status() },
  settings: { file: './pages/settings/settings.svelte', address: links.settings() },
};
