/** Files of an upload, which lie in the platform's object store. */

import type { ColumnSources, OpenedSource } from '../core/ports/column-sources.ts';
import type { FileSamples } from '../core/ports/file-samples.ts';
import { byName, uniqueNames } from './lawful-tables.ts';
import { type FileListing, type ListedFile, sampleOfFile, tablesOfFiles } from './listed-files.ts';

export type ReadObject = (key: string) => Promise<AsyncIterable<Uint8Array>>;

const DATABASE = 'files';
const ENDINGS = /(?:\.[A-Za-z0-9]{1,8}){1,2}$/;

/** Files are called by their names without the ending where that leaves them apart. */
export function listingOfUpload({ files }: OpenedSource, readObject: ReadObject): FileListing {
  const titles = titlesOf(files.map(({ name }) => name));
  const listed = files
    .map(
      (file, at): ListedFile => ({
        ...{ name: file.name, size: file.size, sha256: file.sha256, path: file.s3_path },
        title: titles[at] ?? file.name,
        open: () => readObject(file.s3_path),
      }),
    )
    .sort((one, other) => byName(one.title, other.title));
  return {
    database: DATABASE,
    async *from(title) {
      yield* listed.filter((file) => title === null || byName(file.title, title) >= 0);
    },
    find: async (path) => listed.find((file) => file.path === path) ?? null,
  };
}

/** A title a file, by which none could be taken for another one or a table in it. */
export function titlesOf(names: readonly string[]): string[] {
  const stems = names.map((name) => name.replace(ENDINGS, '') || name);
  const apart = new Set(stems.map((stem) => stem.toLowerCase())).size === names.length;
  return uniqueNames(apart ? stems : names);
}

export function createUploadedFiles(samples: FileSamples, readObject: ReadObject): ColumnSources {
  return {
    tables: async (source, page) => await tablesOfFiles(listingOfUpload(source, readObject), samples, page),
    sample: async (source, table, sampleSize) =>
      await sampleOfFile(listingOfUpload(source, readObject), samples, { table, sampleSize }),
    async probe({ files }) {
      const message = files.length === 1 ? 'One file.' : `${files.length} files.`;
      return { ok: files.length > 0, message, tables: null };
    },
  };
}
