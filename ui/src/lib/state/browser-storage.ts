/** The storage of this browser, which its tabs share; null where it is switched off. */
export function browserStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
