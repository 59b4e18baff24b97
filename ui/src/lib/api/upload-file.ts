import { api } from './client.ts';
import type { Upload } from './types.ts';

interface Options {
  signal: AbortSignal;
  /** Shares of 1, as bytes go out. */
  onprogress: (share: number) => void;
}

/** Sends a table to the platform, which keeps it until an experiment is made of it. */
export const uploadFile = (file: File, { signal, onprogress }: Options): Promise<Upload> =>
  api.upload<Upload>('/api/uploads', file, {
    signal,
    query: { name: file.name },
    headers: { 'content-type': 'application/octet-stream' },
    onprogress,
  });
