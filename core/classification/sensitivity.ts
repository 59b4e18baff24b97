/** Which sensitivities of terms ask for protection. */

/** What may be seen by everybody of the house, as vocabularies put it. */
export const OPEN_SENSITIVITIES = ['public', 'internal', 'none', 'low', 'open'] as const;

/** What is named so is not for all eyes: any sensitivity but the open ones. */
export const isProtected = (sensitivity: string | null): boolean =>
  sensitivity !== null && !OPEN_SENSITIVITIES.some((open) => open === sensitivity.toLowerCase());
