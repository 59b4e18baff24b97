import { links, RUN_VIEWS, routeOf } from './routes.ts';

test('every link leads to the page it names', () => {
  const id = '01a1/odd %';
  expect(routeOf(links.gallery())).toEqual({ page: 'gallery', params: {} });
  expect(routeOf(links.new())).toEqual({ page: 'new', params: {} });
  expect(routeOf(links.experiment(id))).toEqual({ page: 'experiment', params: { experimentId: id } });
  expect(routeOf(links.session(id))).toEqual({ page: 'studio', params: { sessionId: id, tab: null } });
  expect(routeOf(links.session(id, 'metrics'))).toEqual({
    page: 'studio',
    params: { sessionId: id, tab: 'metrics' },
  });
  for (const page of [
    'compare',
    'models',
    'agents',
    'classify',
    'connections',
    'explain',
    'vocabularies',
    'status',
    'settings',
  ] as const) {
    expect(routeOf(links[page]())).toEqual({ page, params: {} });
  }
});

test('a run of a classification has an address for each view, and one for each column', () => {
  const run = (view: string, columnId: string | null = null) => ({
    page: 'run',
    params: { runId: 'r/1', view, columnId },
  });
  for (const view of RUN_VIEWS) expect(routeOf(links.run('r/1', view))).toEqual(run(view));
  expect(routeOf(links.runColumn('r/1', '3.12'))).toEqual(run('results', '3.12'));
  // what has a dot at its end is served as a file
  expect(links.runColumn('r', '3.12')).not.toContain('.');
  expect(routeOf(links.source('s 1'))).toEqual({ page: 'source', params: { sourceId: 's 1' } });
  expect(routeOf(links.vocabulary('own'))).toEqual({ page: 'vocabulary', params: { vocabularyId: 'own' } });
});

test.each([
  '/nothing',
  '/classify/nothing',
  '/classify/sources',
  '/classify/connections/1',
  '/classify/explain/1',
  '/classify/sources/1/more',
  '/classify/runs/1/nothing',
  '/classify/runs/1/progress',
  '/classify/runs/1/map/3.4',
  '/classify/runs/1/results/3.4/more',
  '/sessions',
  '/sessions/1/nothing',
  '/experiments/1/more',
  '/new/more',
  '/sessions/1/code/2',
])('%p is no page', (path) => {
  expect(routeOf(path).page).toBe('missing');
});

test('a stray percent sign does not break the page', () => {
  expect(routeOf('/experiments/100%')).toEqual({ page: 'experiment', params: { experimentId: '100%' } });
});

test('sessions to compare stand in the query', () => {
  expect(links.compare(['a', 'b/c'])).toBe('/compare?sessions=a,b%2Fc');
});
