/** DuckDB databases of an upload, each opened in a sandbox's child: their files are hostile bytes. */

import { TemperaError } from '../core/errors.ts';
import type { ColumnSources, OpenedSource, SourceTable } from '../core/ports/column-sources.ts';
import type { FileSamples, SampledFile } from '../core/ports/file-samples.ts';
import { byName, lawfulName, lawfulTable } from './lawful-tables.ts';
import { type ReadObject, titlesOf } from './uploaded-files.ts';

interface Database extends SampledFile {
  path: string;
  /** Before the names of its schemas, where there are several databases. */
  title: string;
}

export function createDuckdbFiles(samples: FileSamples, readObject: ReadObject): ColumnSources {
  async function tablesOf(source: OpenedSource): Promise<SourceTable[]> {
    const found: SourceTable[] = [];
    for (const database of databasesOf(source, readObject)) {
      const { tables } = await samples.tables(database);
      for (const { table, schema = '', name = table } of tables)
        found.push({
          database: lawfulName([database.title, schema].filter((part) => part !== '').join('.')),
          table: lawfulName(name),
          reference: { path: database.path, table },
        });
    }
    return found.sort(inOrder);
  }
  return {
    async tables(source, { after, limit }) {
      const tables = await tablesOf(source);
      return tables.filter((table) => after === null || inOrder(table, after) > 0).slice(0, limit);
    },
    async sample(source, { table, reference }, sampleSize) {
      const database = databasesOf(source, readObject).find(({ path }) => path === reference.path);
      if (database === undefined || typeof reference.table !== 'string')
        throw new TemperaError('NOT_FOUND', `The table [${table}] is gone.`);
      return lawfulTable(await samples.sample(database, { table: reference.table, sampleSize }), sampleSize);
    },
    async probe(source) {
      const tables = await tablesOf(source);
      return { ok: true, message: `${tables.length} tables.`, tables: tables.length };
    },
  };
}

function databasesOf({ files }: OpenedSource, readObject: ReadObject): Database[] {
  const titles = titlesOf(files.map(({ name }) => name));
  return files.map((file, at) => ({
    ...{ name: file.name, size: file.size, sha256: file.sha256, path: file.s3_path },
    title: files.length > 1 ? (titles[at] ?? file.name) : '',
    open: () => readObject(file.s3_path),
  }));
}

type Named = Pick<SourceTable, 'database' | 'table'>;

const inOrder = (one: Named, other: Named): number =>
  byName(one.database, other.database) || byName(one.table, other.table);
