/** Words of orders about what stands for no value. */

import { lines } from './lines.ts';

/** They say that there is no value. */
export const NO_VALUE = lines(`
missing
missing value
missing values
no value
without value
not available
not known
not recorded
not measured
not applicable
unknown
na
n/a
nan
null
blank
empty
`);

/** They say that there is one. */
export const A_VALUE = lines(`
real value
real values
true value
valid value
valid values
actual value
real number
ordinary value
normal value
proper value
genuine value
`);

/** Before what is to be read as no value. */
export const READING = lines(`
treat
treating
read
reading
take
taking
count
counting
consider
considering
regard
regarding
interpret
interpreting
handle
handling
use
using
see
code
`);

/** Between a text and what it stands for. */
export const STANDING_FOR = lines(`
as
is
are
isnt
arent
was
be
means
mean
stands for
stand for
denotes
denote
represents
represent
codes for
code for
should be
should count as
counts as
count as
=
==
`);

/** Behind a verb: the text itself, by a word. */
export const ZEROS = lines(`
zero
zeros
zeroes
`);
