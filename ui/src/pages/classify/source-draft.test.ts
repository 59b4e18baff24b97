import { nameOfFiles, SOURCE_KINDS, type SourceEntries, sourceBody, sourceErrors } from './source-draft.ts';

const ENTRIES: SourceEntries = {
  ...{ kind: 'postgres', name: ' Sales ', address: 's3://b/x', connection: 'sales' },
  ...{ vocabulary: '', isShared: false, uploads: ['u1'] },
};

test('a source is sent with what its kind is named by, and with nothing else', () => {
  const own = { display_name: 'Sales', scope: 'private' };
  const bodies = SOURCE_KINDS.map(({ id: kind }) => sourceBody({ ...ENTRIES, kind }));
  expect(bodies).toEqual([
    { ...own, source_type: 'files', upload_ids: ['u1'] },
    { ...own, source_type: 'postgres', connection: 'sales' },
    { ...own, source_type: 's3', source_uri: 's3://b/x', connection: 'sales' },
    { ...own, source_type: 'duckdb', upload_ids: ['u1'] },
    { ...own, source_type: 'files', source_uri: 's3://b/x' },
    { ...own, source_type: 'hive', connection: 'sales' },
  ]);
  expect(sourceBody({ ...ENTRIES, vocabulary: 'own', isShared: true })).toMatchObject({
    ...{ vocabulary_id: 'own', scope: 'shared' },
  });
});

test('what is missing is named at its field, and a password has no place in an address', () => {
  const nothing = { ...ENTRIES, address: ' ', connection: '', uploads: [] };
  const fields = SOURCE_KINDS.map(({ id: kind }) => Object.keys(sourceErrors({ ...nothing, kind })));
  expect(fields.flat()).toEqual(['files', 'connection', 'address', 'files', 'address', 'connection']);
  for (const { id: kind } of SOURCE_KINDS) expect(sourceErrors({ ...ENTRIES, kind })).toEqual({});
  expect(Object.keys(sourceErrors({ ...ENTRIES, name: ' ' }))).toEqual(['name']);
  for (const address of ['s3://me:pw@b/sales', 's3://b/sales?password=pw'])
    expect(sourceErrors({ ...ENTRIES, kind: 's3', address }).address).toMatch(/password/);
});

test('files give a name', () => {
  expect(nameOfFiles([])).toBe('');
  expect(nameOfFiles(['sales_2024.csv.gz'])).toBe('Sales 2024');
  expect(nameOfFiles(['a.csv', 'b.csv', 'c.csv'])).toBe('A and 2 more');
});
