/** The platform's keys, which an admin makes. A token comes once, in the answer of what has made it. */

import type { AccessKeyRecord, MadeKey, NewKey } from '../../../../core/access/key-records.ts';
import { api, type RequestOptions } from './client.ts';

const at = (id: string): string => `/api/keys/${encodeURIComponent(id)}`;
/** A repeated request would show the token a second time. */
const once = { idempotencyKey: null };

export const keys = {
  list: (options: RequestOptions) => api.get<{ items: AccessKeyRecord[] }>('/api/keys', options),
  create: (key: NewKey) => api.post<MadeKey>('/api/keys', key, once),
  rotate: (id: string) => api.post<MadeKey>(`${at(id)}/rotate`, {}, once),
  revoke: (id: string) => api.delete(at(id)),
};
