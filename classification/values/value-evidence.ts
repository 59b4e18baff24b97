/** How many of a column's values stand in a list of known ones: cities, first names, currencies. */

import { fires, type Signal } from '../evidence.ts';
import type { Knowledge } from '../knowledge.ts';
import type { Attachment } from '../meanings/attachments.ts';
import { valueKey } from '../value-key.ts';

/** Lists that hold none of them are left out. */
export function listSignals(
  lists: Knowledge['valueLists'],
  values: readonly string[],
  attachments: ReadonlyMap<string, readonly Attachment[]>,
): Signal[] {
  const keys = [...new Set(values.map(valueKey))];
  return [...lists].flatMap(([meaning, list]): Signal[] => {
    let matched = 0;
    for (const key of keys) if (list.has(key)) matched += 1;
    if (matched === 0) return [];
    const attached = attachments.get(meaning) ?? [];
    const title = meaning.replaceAll('_', ' ');
    const counts = { matched, of: keys.length, fires: fires(matched, keys.length) };
    return [{ name: meaning, title, isWeak: false, attached, ...counts }];
  });
}
