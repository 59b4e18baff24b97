import { readFileSync } from 'node:fs';
import { LEARNER_TITLES } from './learners.ts';

test('learners are called in pages and conversations what the reports call them', () => {
  const source = readFileSync('sandbox/tempera/learning/learner_titles.py', 'utf8');
  const [, titles = ''] = /^TITLES: [^{]+\{\n([\s\S]*?)^\}/m.exec(source) ?? [];
  const inReports = [...titles.matchAll(/'(\w+)': '([^']+)'/g)].map(([, name, title]) => [name, title]);
  expect(inReports.length).toBeGreaterThan(5);
  expect(Object.entries(LEARNER_TITLES)).toEqual(inReports);
});
