/** What a list that is sent on as text says. */

import type { JsonText } from '../json-lists.ts';

/** The value of the text; null for none. */
export function readBack<T>(json: JsonText | null): T | null {
  return json === null ? null : (JSON.parse(json.text) as T);
}
