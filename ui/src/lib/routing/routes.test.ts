import { links, routeOf } from './routes.ts';

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
  for (const page of ['compare', 'models', 'agents', 'status', 'settings'] as const) {
    expect(routeOf(links[page]())).toEqual({ page, params: {} });
  }
});

test.each([
  '/nothing',
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
