/** A table by its URL: fetched once, under the same limits and checks as an upload. */

import { TemperaError } from '../../core/errors.ts';
import type { OutboundAnswer } from '../../core/ports/outbound.ts';
import type { DatasetFile } from '../../core/records.ts';
import { datasetKey } from '../../storage/keys.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { datasetFileName, type Scratch, storeFile } from './dataset-files.ts';

const TIMEOUT_MILLISECONDS = 60_000;
const REDIRECTS = 5;

/** Whether a reference is one to another server. */
export const isRemote = (reference: string): boolean => /^https?:\/\//i.test(reference);

/**
 * Stores what stands at the URL as a file of the experiment.
 * @throws TemperaError INVALID_INPUT for a URL that is not let through or does not answer with a file, and what an
 * upload of the file would throw
 */
export async function fetchDataset(
  { store, outbound, settings }: Pick<ApiDependencies, 'store' | 'outbound' | 'settings'>,
  { id, url, scratch }: { id: string; url: string; scratch: Scratch },
): Promise<DatasetFile> {
  const name = datasetFileName(nameIn(url));
  const answer = await fetched(outbound, url);
  if (answer.status !== 200) {
    answer.body.destroy();
    throw unread(url, `it answers ${answer.status}`);
  }
  const target = { scratch, key: datasetKey(id, name), maxBytes: settings.uploadBytes };
  return await storeFile(store, { name, body: answer.body }, target);
}

async function fetched(outbound: ApiDependencies['outbound'], url: string): Promise<OutboundAnswer> {
  try {
    return await outbound.request(url, { timeoutMs: TIMEOUT_MILLISECONDS, redirects: REDIRECTS });
  } catch (error) {
    if (error instanceof TemperaError) throw error;
    // what the network says of a host inside would tell what there is
    throw unread(url, 'it does not answer');
  }
}

function nameIn(url: string): string {
  if (!URL.canParse(url)) return '';
  const last = new URL(url).pathname.split('/').pop() ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

const unread = (url: string, why: string): TemperaError =>
  new TemperaError('INVALID_INPUT', `The table at ${url.slice(0, 300)} cannot be read: ${why}.`, {
    details: { field: 'dataset_ref' },
  });
