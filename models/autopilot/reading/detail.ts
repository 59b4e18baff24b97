/** A decision on how cells are read, on features or on the threshold, as words order it. */

/** `texts`: all columns of text; `lines`: lines at the edges of a table; the others are the ledger's. */
export type DetailAbout =
  | 'threshold'
  | 'missing'
  | 'decimal'
  | 'date_order'
  | 'features'
  | 'texts'
  | 'lines'
  | 'problem';

export interface Detail {
  about: DetailAbout;
  /** Empty where none is named: all that it can concern. */
  columns: readonly string[];
  /** What it came to where none is named; absent before that is known. */
  concerned?: readonly string[];
  /** Texts and lines as a list. */
  value: string | number | readonly string[];
  /** The texts are values, the lines rows. Default: false. */
  denied?: boolean;
}

/** What it decides, by which a later one of the same takes its place. */
export const subjectOf = ({ about, columns }: Detail): string => `${about}:${columns.join(',')}`;

/** What the ledger calls it, of a column by its key. */
export function keyOfDetail(about: DetailAbout, column: string): string {
  switch (about) {
    case 'threshold':
    case 'problem':
      return about;
    case 'lines':
      return 'rows.left_out';
    case 'texts':
      return `column.${column}.use`;
    default:
      return `column.${column}.${about}`;
  }
}
