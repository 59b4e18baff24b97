import { mentions } from './lineage.ts';

test.each([
  ["pd.read_parquet('prep/data/train.parquet')", true],
  ["pd.read_parquet(f'prep/data/{name}.parquet')", true],
  ["pd.read_csv(f'prep/data/{name}.csv')", false],
  ["Path('prep') / 'data'", false],
])('%s tells of prep/data/train.parquet: %s', (code, expected) => {
  expect(mentions(code, 'prep/data/train.parquet')).toBe(expected);
});
