/** Objects below a prefix of a bucket, as files: the platform's own bucket, or another one by a connection. */

import { basename } from 'node:path/posix';
import { TemperaError } from '../core/errors.ts';
import { isLawfulText } from '../core/lawful-text.ts';
import type { ColumnSources, OpenedSource } from '../core/ports/column-sources.ts';
import type { FileSamples } from '../core/ports/file-samples.ts';
import type { Bucket, OpenBucket } from './buckets.ts';
import { LONGEST_NAME } from './lawful-tables.ts';
import {
  type FileListing,
  type ListedFile,
  mayHoldTables,
  sampleOfFile,
  tablesOfFiles,
} from './listed-files.ts';

const KEYS_OF_A_PAGE = 1_000;

export function createS3Files(samples: FileSamples, openBucket: OpenBucket): ColumnSources {
  async function within<T>(source: OpenedSource, work: (listing: FileListing) => Promise<T>): Promise<T> {
    const bucket = await openBucket(source.connection);
    try {
      return await work(listingOf(bucket, prefixOf(source, bucket)));
    } catch (error) {
      throw bucket.explain(error);
    } finally {
      bucket.close();
    }
  }
  return {
    tables: async (source, page) => await within(source, (listing) => tablesOfFiles(listing, samples, page)),
    sample: async (source, table, sampleSize) =>
      await within(source, (listing) => sampleOfFile(listing, samples, { table, sampleSize })),
    async probe(source) {
      const first = await within(source, firstOf);
      return first === null
        ? { ok: false, message: 'There is no file that may hold a table below this prefix.', tables: 0 }
        : { ok: true, message: `The first file is [${first}].`, tables: null };
    },
  };
}

async function firstOf(listing: FileListing): Promise<string | null> {
  for await (const { title } of listing.from(null)) return title;
  return null;
}

/**
 * `s3://bucket/prefix`, or the whole bucket of a connection where no address is given.
 * @throws TemperaError INVALID_INPUT for another bucket than the connection's
 */
function prefixOf({ uri }: OpenedSource, bucket: Bucket): string {
  const [, name, prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(uri) ?? [];
  if (uri.startsWith('connection:')) return '';
  if (name === bucket.name) return prefix;
  const message = `The address of the source is s3://${bucket.name}/PREFIX, not [${uri.slice(0, 300)}].`;
  throw new TemperaError('INVALID_INPUT', message);
}

function listingOf(bucket: Bucket, prefix: string): FileListing {
  const base = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const listed = (key: string, size: number): ListedFile | null => {
    const title = key.slice(base.length);
    // a name that would have to be changed could be taken for another one's
    if (!mayHoldTables(key) || title.length > LONGEST_NAME || !isLawfulText(title)) return null;
    return {
      ...{ title, path: key, name: basename(key), size, sha256: null },
      open: async () => (await bucket.get(key)).body,
    };
  };
  const find = async (key: string): Promise<ListedFile | null> => {
    const found = key.startsWith(prefix) ? await bucket.head(key) : null;
    return found === null ? null : listed(key, found.size);
  };
  return {
    database: bucket.name,
    find,
    async *from(title) {
      const first = title === null ? null : await find(base + title);
      if (first !== null) yield first;
      for (let after = title === null ? null : base + title; ; ) {
        const { items, next_cursor } = await bucket.list(prefix, { after, limit: KEYS_OF_A_PAGE });
        for (const { key, size } of items) {
          const file = listed(key, size);
          if (file !== null) yield file;
        }
        after = items.at(-1)?.key ?? null;
        if (next_cursor === null || after === null) return;
      }
    },
  };
}
