import { filterOf, groupingOf, isFiltered, orderOf, switchOf } from './results-filter.ts';

const query = (text: string): URLSearchParams => new URLSearchParams(text);

test('an address is a filter, and what it does not know is left out', () => {
  expect(filterOf(query('q=eml&code=EMAIL&table=crm&doubt=yes&reviewed=no&sensitive=maybe&other=1'))).toEqual(
    {
      ...{ q: 'eml', code: 'EMAIL', table: 'crm', needs_review: true, reviewed: false },
    },
  );
  expect(isFiltered(filterOf(query('q=&by=term&order=doubt')))).toBe(false);
  expect(switchOf(query('doubt=no'), 'doubt')).toBe('no');
});

test('order and grouping have their defaults', () => {
  expect([groupingOf(query('by=term')), groupingOf(query('by=x')), groupingOf(query(''))]).toEqual([
    ...['term', 'none', 'none'],
  ]);
  expect([orderOf(query('order=doubt')), orderOf(query(''))]).toEqual(['doubt', 'position']);
});
