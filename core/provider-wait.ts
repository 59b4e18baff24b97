/** How a stage waits for its model's provider: pauses that grow, with jitter, and never past their limit. */

/** Settings of the pauses, in seconds. */
export interface ProviderPauses {
  first: number;
  longest: number;
}

export const DEFAULT_PAUSES: ProviderPauses = { first: 1, longest: 120 };

/** The part of a pause that chance may take away, so that sessions do not all ask again at once. */
const JITTER = 0.25;

export interface PauseInput {
  /** Tries that have failed in this wait, at least one. */
  tries: number;
  /** Seconds that the provider asks to wait, where it does: it is never asked earlier. */
  retryAfter?: number | undefined;
  /** 0 to 1. */
  random: number;
}

/** Seconds until the next try: at least one thousandth, so that a timer is a timer. */
export function pauseAfter({ tries, retryAfter = 0, random }: PauseInput, pauses: ProviderPauses): number {
  const grown = Math.min(pauses.longest, pauses.first * 2 ** Math.min(tries - 1, 30));
  return Math.max(0.001, retryAfter, grown * (1 - JITTER * random));
}
