import type { Progress } from './progress.d.mts';

export interface BrowserPlaces {
  /** The PATH that is searched. */
  path: string;
  /** What CHROMIUM says; empty for nothing. */
  chromium: string;
  /** Where Debian's package puts it; /usr/bin/chromium by default. */
  debian?: string;
  /** File that an installation's output goes to. */
  log: string;
}
export function findChromium(places: Omit<BrowserPlaces, 'log'>): string | null;
export function haveChromium(places: BrowserPlaces, progress: Progress): Promise<string>;
