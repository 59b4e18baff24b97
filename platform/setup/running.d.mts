import type { Places } from './places.d.mts';

export function platformEnvironment(
  places: Places,
  environment?: Readonly<Record<string, string | undefined>>,
): Record<string, string>;
