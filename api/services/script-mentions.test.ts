/**
 * Which files a script mentions: what an archive holds so that its scripts run, and a model leads back to the upload.
 */

import { KnownPaths } from './script-mentions.ts';

function mentionedIn(code: string, ...paths: string[]): string[] {
  const known = new KnownPaths();
  for (const path of paths) known.add(path);
  return known.mentionedIn(code);
}

test.each([
  ["pd.read_parquet('prep/data/train.parquet')", true],
  ["pd.read_parquet('/data/sessions/s/prep/data/train.parquet')", true],
  ["pd.read_parquet(f'prep/data/{name}.parquet')", true],
  ["pd.read_parquet(f'{root}/prep/data/{name}.parquet')", true],
  ["pd.read_csv(f'prep/data/{name}.csv')", false],
  ["pd.read_csv('prep/data/train.parquet2')", false],
  ["'prep/data/train parquet'", false],
  ["Path('prep') / 'data'", false],
])('%s tells of prep/data/train.parquet: %s', (code, expected) => {
  const path = 'prep/data/train.parquet';
  expect(mentionedIn(code, path)).toEqual(expected ? [path] : []);
});

test('paths come in the order in which they were written, each once, whatever is in them', () => {
  const paths = ['eda/b (1).png', '.hidden/x', 'eda/a.png', 'eda/größe.png'];
  const code = "open('eda/a.png'); open('.hidden/x'); f'eda/{a}.png'; open('eda/a.png')";
  expect(mentionedIn(code, ...paths)).toEqual(['eda/b (1).png', '.hidden/x', 'eda/a.png', 'eda/größe.png']);
});

test('a text is read once for all names: work grows with the text, not with the files', () => {
  const known = new KnownPaths();
  for (let file = 0; file < 20_000; file += 1) known.add(`prep/data/part_${file}.parquet`);
  const code = "read('prep/data/part_77.parquet') # prep/data/prep/data\n".repeat(5_000);
  expect(known.mentionedIn(code)).toEqual(['prep/data/part_77.parquet']);
  expect(known.lookups).toBeLessThanOrEqual(code.length);
});
