export interface Places {
  root: string;
  cache: string;
  home: string;
  bin: string;
  log: string;
  path: string;
  /** What CHROMIUM says; empty for nothing. */
  chromium: string;
  ci: boolean;
  port: number;
  temporalReleases: string;
  versitygwReleases: string;
  answerSeconds: number;
}
export const TEMPORAL_VERSION: string;
export const VERSITYGW_VERSION: string;
export function findPlaces(root: string, environment?: Readonly<Record<string, string | undefined>>): Places;
export function findOnPath(name: string, path: string): string | null;
export function isExecutable(file: string): boolean;
