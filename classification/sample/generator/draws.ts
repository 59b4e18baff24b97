/** Numbers that look drawn and are the same in every run; each column has its own, so a new one changes no other. */

export interface Draws {
  /** From `low` up to `high`, both among them. */
  whole(low: number, high: number): number;
  /** From 0 up to 1, the latter never. */
  share(): number;
  /** @throws RangeError for an empty list */
  oneOf<T>(list: readonly T[]): T;
}

/** @param seed any text */
export function drawsOf(seed: string): Draws {
  let state = 0x811c9dc5;
  for (const character of seed) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  const share = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (low: number, high: number): number => low + Math.floor(share() * (high - low + 1));
  return {
    ...{ whole, share },
    oneOf(list) {
      if (list.length === 0) throw new RangeError('There is nothing to draw from.');
      return list[whole(0, list.length - 1)] as (typeof list)[number];
    },
  };
}
