/** How many of a column's values stand in a list of known ones: cities, first names, currencies. */

import { fires, type Signal } from '../evidence.ts';
import type { Knowledge } from '../knowledge.ts';
import type { Attachment } from '../meanings/attachments.ts';
import { valueKey } from '../value-key.ts';

/** Lists that hold none of them are left out. */
export function listSignals(
  { valueLists, listsByValue }: Pick<Knowledge, 'valueLists' | 'listsByValue'>,
  values: readonly string[],
  attachments: ReadonlyMap<string, readonly Attachment[]>,
): Signal[] {
  const keys = new Set(values.map(valueKey));
  const matches = new Map<string, number>();
  for (const key of keys)
    for (const meaning of listsByValue.get(key) ?? []) matches.set(meaning, (matches.get(meaning) ?? 0) + 1);
  return [...valueLists.keys()].flatMap((meaning): Signal[] => {
    const matched = matches.get(meaning) ?? 0;
    if (matched === 0) return [];
    const attached = attachments.get(meaning) ?? [];
    const title = meaning.replaceAll('_', ' ');
    const counts = { matched, of: keys.size, fires: fires(matched, keys.size) };
    return [{ name: meaning, title, isWeak: false, attached, ...counts }];
  });
}
