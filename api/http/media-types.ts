/** What a file of a session is served as. Nothing that a browser could run is shown in place. */

import { posix } from 'node:path';
import { percentPath } from '../../core/file-names.ts';

const TEXT = 'text/plain; charset=utf-8';

const BY_EXTENSION: Readonly<Record<string, string>> = {
  '.csv': 'text/csv; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.json': 'application/json; charset=utf-8',
  '.log': TEXT,
  '.md': 'text/markdown; charset=utf-8',
  '.parquet': 'application/vnd.apache.parquet',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.py': 'text/x-python; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.tsv': 'text/tab-separated-values; charset=utf-8',
  '.txt': TEXT,
  '.webp': 'image/webp',
  '.yaml': TEXT,
};

/** Types a browser only draws; everything else is offered for download. */
const SHOWN =
  /^(text\/(plain|csv|markdown|x-python|tab-separated-values)|application\/json|image\/(gif|jpeg|png|webp))/;

/** Media type by the name's extension; unknown ones are bytes. */
export function mediaType(path: string): string {
  return BY_EXTENSION[posix.extname(path).toLowerCase()] ?? 'application/octet-stream';
}

/** `inline` for what is only drawn, `attachment` for what could run; the name in both forms of RFC 6266. */
export function contentDisposition(
  path: string,
  kind: 'inline' | 'attachment' = SHOWN.test(mediaType(path)) ? 'inline' : 'attachment',
): string {
  const name = posix.basename(percentPath(path));
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
