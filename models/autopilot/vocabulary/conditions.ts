/** Words that say which rows have a column, lack it or are denied it. */

import { lines } from './lines.ts';

export const MISSING = lines(`
missing
gap
gaps
blank
blanks
empty
null
nulls
nan
`);

export const DISTINCT = lines(`
distinct
unique
different
`);

/** Before a column: rows without a value of it. */
export const LACKING = lines(`
no
without
lack
lacks
lacking
have no
has no
with no
`);

/** Before a column: rows with any value of it. */
export const HAVING = lines(`
have
has
had
with
having
`);

/** Before a column: rows of which it is not true. */
export const DENYING = lines(`
not
never
didnt
did not
dont
isnt
arent
wasnt
werent
`);

/** They may stand between those and the column. */
export const BEFORE_A_COLUMN = lines(`
a
an
any
the
known
`);

/** They may stand between a denial and the column. */
export const AFTER_A_DENIAL = lines(`
have
has
been
be
`);
