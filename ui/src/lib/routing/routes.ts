/** The pages and their addresses: one table for reading an address and for writing one. */

export const STUDIO_TABS = [
  'report',
  'decisions',
  'figures',
  'metrics',
  'data',
  'code',
  'files',
  'model',
  'lineage',
  'timeline',
] as const;
export type StudioTab = (typeof STUDIO_TABS)[number];

/** Views of a run of a classification; `progress` has the run's own address. */
export const RUN_VIEWS = ['progress', 'results', 'review', 'map', 'terms', 'evaluation'] as const;
export type RunViewName = (typeof RUN_VIEWS)[number];

export type Route =
  | { page: 'gallery'; params: Record<never, never> }
  | { page: 'new'; params: Record<never, never> }
  | { page: 'experiment'; params: { experimentId: string } }
  | { page: 'studio'; params: { sessionId: string; tab: StudioTab | null } }
  | { page: 'compare'; params: Record<never, never> }
  | { page: 'models'; params: Record<never, never> }
  | { page: 'agents'; params: Record<never, never> }
  | { page: 'classify'; params: Record<never, never> }
  | { page: 'source'; params: { sourceId: string } }
  | { page: 'run'; params: { runId: string; view: RunViewName; columnId: string | null } }
  | { page: 'connections'; params: Record<never, never> }
  | { page: 'explain'; params: Record<never, never> }
  | { page: 'vocabularies'; params: Record<never, never> }
  | { page: 'vocabulary'; params: { vocabularyId: string } }
  | { page: 'status'; params: Record<never, never> }
  | { page: 'settings'; params: Record<never, never> }
  | { page: 'missing'; params: { path: string } };
export type PageName = Route['page'];

/** The window's title and the top bar's word. */
export const PAGE_TITLES: Readonly<Record<PageName, string>> = {
  gallery: 'Experiments',
  new: 'New experiment',
  experiment: 'Experiment',
  studio: 'Session',
  compare: 'Compare',
  models: 'Models',
  agents: 'Agents',
  classify: 'Classification',
  source: 'Data source',
  run: 'Classification',
  connections: 'Connections',
  explain: 'One column',
  vocabularies: 'Vocabularies',
  vocabulary: 'Vocabulary',
  status: 'Status',
  settings: 'Settings',
  missing: 'Not found',
};

const PLAIN = ['new', 'compare', 'models', 'agents', 'classify', 'status', 'settings'] as const;

/** The page that `path` (without query) names; `missing` where there is none. */
export function routeOf(path: string): Route {
  const parts = path.split('/').filter(Boolean).map(decoded);
  if (parts[0] === 'classify' && parts.length > 1) return classifyRoute(path, parts.slice(1));
  const [first = '', second, third, ...rest] = parts;
  const missing: Route = { page: 'missing', params: { path } };
  if (rest.length > 0) return missing;
  if (first === '') return { page: 'gallery', params: {} };
  if (second === undefined) {
    const page = PLAIN.find((each) => each === first);
    return page ? { page, params: {} } : missing;
  }
  if (first === 'experiments' && third === undefined)
    return { page: 'experiment', params: { experimentId: second } };
  if (first !== 'sessions') return missing;
  const tab = STUDIO_TABS.find((each) => each === third) ?? null;
  return third !== undefined && tab === null
    ? missing
    : { page: 'studio', params: { sessionId: second, tab } };
}

/** Pages of classification by the word behind /classify. */
const PLAIN_CLASSIFY = ['connections', 'explain', 'vocabularies'] as const;

/** What lies below /classify: sources, runs with their views, vocabularies, connections, one column by itself. */
function classifyRoute(path: string, [kind, id, third, column, ...rest]: readonly string[]): Route {
  const missing: Route = { page: 'missing', params: { path } };
  if (kind === 'runs' && id !== undefined && rest.length === 0) {
    const view = third === undefined ? 'progress' : RUN_VIEWS.find((each) => each === third);
    if (view === undefined || third === 'progress' || (column !== undefined && view !== 'results'))
      return missing;
    return { page: 'run', params: { runId: id, view, columnId: column?.replace('-', '.') ?? null } };
  }
  if (third !== undefined) return missing;
  const plain = PLAIN_CLASSIFY.find((page) => page === kind);
  if (plain && id === undefined) return { page: plain, params: {} };
  if (kind === 'vocabularies' && id !== undefined)
    return { page: 'vocabulary', params: { vocabularyId: id } };
  return kind === 'sources' && id !== undefined ? { page: 'source', params: { sourceId: id } } : missing;
}

/** Addresses of pages, for links. */
export const links = {
  gallery: (): string => '/',
  new: (): string => '/new',
  experiment: (id: string): string => `/experiments/${encodeURIComponent(id)}`,
  session: (id: string, tab?: StudioTab | null): string =>
    `/sessions/${encodeURIComponent(id)}${tab ? `/${tab}` : ''}`,
  compare: (sessions: readonly string[] = []): string =>
    sessions.length > 0 ? `/compare?sessions=${sessions.map(encodeURIComponent).join(',')}` : '/compare',
  models: (): string => '/models',
  agents: (): string => '/agents',
  classify: (): string => '/classify',
  source: (id: string): string => `/classify/sources/${encodeURIComponent(id)}`,
  run: (id: string, view: RunViewName = 'progress'): string =>
    `/classify/runs/${encodeURIComponent(id)}${view === 'progress' ? '' : `/${view}`}`,
  // with a dot it would be the name of a file
  runColumn: (id: string, column: string): string =>
    `/classify/runs/${encodeURIComponent(id)}/results/${encodeURIComponent(column.replace('.', '-'))}`,
  /** @param type of a connection that is to be made */
  connections: (type?: string): string =>
    `/classify/connections${type === undefined ? '' : `?new=${encodeURIComponent(type)}`}`,
  explain: (): string => '/classify/explain',
  vocabularies: (): string => '/classify/vocabularies',
  vocabulary: (id: string): string => `/classify/vocabularies/${encodeURIComponent(id)}`,
  status: (): string => '/status',
  settings: (): string => '/settings',
};

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a stray percent sign: taken as it stands
  }
}
