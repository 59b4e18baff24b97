/** Every adapter, over what the process that runs them has. */

import type { ColumnSources, OpenedSource } from '../core/ports/column-sources.ts';
import type { Connections } from '../core/ports/connections.ts';
import type { FileSamples } from '../core/ports/file-samples.ts';
import { bucketOpener, type ObjectReader, type StoreAddress } from './buckets.ts';
import { sourcesByType } from './by-type.ts';
import { createDuckdbFiles } from './duckdb-files.ts';
import { createFolderFiles } from './folder-files.ts';
import { createHiveTables } from './hive-tables.ts';
import { createPostgresTables } from './postgres-tables.ts';
import { createS3Files } from './s3-files.ts';
import { createSampleTables } from './sample-tables.ts';
import { createUploadedFiles } from './uploaded-files.ts';

export interface ColumnSourceParts {
  /** Folder of the bundled tables. */
  sampleFolder: string;
  /** Folders of the machine that may be read. */
  folders: readonly string[];
  /** The platform's own bucket. */
  bucket: string;
  store: ObjectReader;
  makeStore(address: StoreAddress): ObjectReader;
  connections: Connections;
  samples: FileSamples;
}

export function createColumnSources(parts: ColumnSourceParts): ColumnSources {
  const { samples, connections, store, makeStore } = parts;
  const readObject = async (key: string) => (await store.get(key)).body;
  const openBucket = bucketOpener({ own: { name: parts.bucket, store }, connections, makeStore });
  return sourcesByType({
    sample: createSampleTables(parts.sampleFolder),
    files: uploadOrFolder(
      createUploadedFiles(samples, readObject),
      createFolderFiles(samples, parts.folders),
    ),
    s3: createS3Files(samples, openBucket),
    postgres: createPostgresTables(connections),
    duckdb: createDuckdbFiles(samples, readObject),
    hive: createHiveTables(connections),
  });
}

function uploadOrFolder(upload: ColumnSources, folder: ColumnSources): ColumnSources {
  const of = ({ files }: OpenedSource) => (files.length > 0 ? upload : folder);
  return {
    tables: (source, page) => of(source).tables(source, page),
    sample: (source, table, sampleSize) => of(source).sample(source, table, sampleSize),
    probe: (source) => of(source).probe(source),
  };
}
