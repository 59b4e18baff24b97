export function countPytest(
  end: number | string,
  output: string,
): { passed: number; failed: number; skipped: number };
