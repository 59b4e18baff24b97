import { nameOfFiles, type SourceEntries, sourceBody, sourceErrors } from './source-draft.ts';

const ENTRIES: SourceEntries = {
  ...{ kind: 'postgres', name: ' Sales ', address: 'postgres://db/sales', connection: '' },
  ...{ vocabulary: '', isShared: false, uploads: [] },
};

test('a source is sent with what its kind needs, and with nothing else', () => {
  expect(sourceBody(ENTRIES)).toEqual({
    ...{
      display_name: 'Sales',
      source_type: 'postgres',
      source_uri: 'postgres://db/sales',
      scope: 'private',
    },
  });
  const uploaded = {
    ...ENTRIES,
    kind: 'upload',
    uploads: ['u1'],
    vocabulary: 'own',
    isShared: true,
  } as const;
  expect(sourceBody(uploaded)).toEqual({
    ...{
      display_name: 'Sales',
      source_type: 'files',
      upload_ids: ['u1'],
      vocabulary_id: 'own',
      scope: 'shared',
    },
  });
  expect(sourceBody({ ...ENTRIES, kind: 'folder', address: '', connection: 'c' })).toEqual({
    ...{ display_name: 'Sales', source_type: 'files', connection: 'c', scope: 'private' },
  });
});

test('what is missing is named at its field, and a password has no place in an address', () => {
  expect(sourceErrors(ENTRIES)).toEqual({});
  expect(Object.keys(sourceErrors({ ...ENTRIES, name: ' ', address: '' }))).toEqual(['name', 'address']);
  expect(Object.keys(sourceErrors({ ...ENTRIES, kind: 'upload' }))).toEqual(['files']);
  for (const address of ['postgres://me:pw@db/sales', 'postgres://db/sales?password=pw'])
    expect(sourceErrors({ ...ENTRIES, address }).address).toMatch(/password/);
});

test('files give a name', () => {
  expect(nameOfFiles([])).toBe('');
  expect(nameOfFiles(['sales_2024.csv.gz'])).toBe('Sales 2024');
  expect(nameOfFiles(['a.csv', 'b.csv', 'c.csv'])).toBe('A and 2 more');
});
