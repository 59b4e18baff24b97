/** A statement of SQL with what its result tells, and the forms that such statements share. */

export interface Statement {
  sql: string;
  tell: (rows: unknown[][]) => string;
}

/** Of which rows something is told: as SQL and in words, both empty for all. */
export interface Limits {
  where: string;
  among: string;
}

/** What limits the rows. */
export interface Condition {
  column: string;
  sql: string;
  words: string;
  /** It is what is asked of the rows, not only which rows: "survived" of "how many women survived". */
  isAsked: boolean;
  /** How many values of the column it allows, where they were named. */
  values?: number;
}

export const share = (part: unknown, whole: unknown): string =>
  `${((100 * Number(part)) / Math.max(1, Number(whole))).toFixed(1)} %`;

export const cellWords = (value: unknown): string => (value === null ? 'missing' : String(value));

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quotedText = (value: string): string => `'${value.replaceAll("'", "''")}'`;
