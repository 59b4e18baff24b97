export interface Rule {
  name: string;
  pattern: RegExp;
  folders: readonly string[];
  except: RegExp | null;
}
export const RULES: readonly Rule[];
export function findViolations(root: string, rules?: readonly Rule[]): string[];
