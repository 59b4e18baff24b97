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

export type Route =
  | { page: 'gallery'; params: Record<never, never> }
  | { page: 'new'; params: Record<never, never> }
  | { page: 'experiment'; params: { experimentId: string } }
  | { page: 'studio'; params: { sessionId: string; tab: StudioTab | null } }
  | { page: 'compare'; params: Record<never, never> }
  | { page: 'models'; params: Record<never, never> }
  | { page: 'agents'; params: Record<never, never> }
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
  status: 'Status',
  settings: 'Settings',
  missing: 'Not found',
};

const PLAIN = ['new', 'compare', 'models', 'agents', 'status', 'settings'] as const;

/** The page that `path` (without query) names; `missing` where there is none. */
export function routeOf(path: string): Route {
  const [first = '', second, third, ...rest] = path.split('/').filter(Boolean).map(decoded);
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
