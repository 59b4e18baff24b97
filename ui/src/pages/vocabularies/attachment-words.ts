/** Attachments as people read them. */

import type { Attachable, AttachmentChangeRecord } from '../../lib/api/classification.ts';
import { formatQuantity } from '../../lib/format/numbers.ts';

/** `E-mail address` or `city: 240 known values`: what a meaning brings, in a line. */
export function attachableWords({ meaning, patterns, list }: Attachable): string {
  const titles = patterns.map(({ title, is_weak }) => `${title}${is_weak ? ' (a sign only)' : ''}`);
  const parts = [...titles, ...(list === null ? [] : [formatQuantity(list.values, 'known value')])];
  return `${meaning.replaceAll('_', ' ')}: ${parts.join(', ')}`;
}

/** `attached to City`, `detached from City`. */
export const changeWords = (
  { meaning, change }: Pick<AttachmentChangeRecord, 'meaning' | 'change'>,
  label: string,
): string =>
  `“${meaning.replaceAll('_', ' ')}” ${change === 'attach' ? 'attached to' : 'detached from'} ${label}`;
