/** Words of short orders, of those that bring back, and of those that cannot be followed. */

import { lines } from './lines.ts';

/** They bring in what stands between them and "back" or "again". */
export const BRINGING = lines(`
bring
leave
put
take
add
get
let
use
include
have
want
keep
allow
give
consider
`);

/** The end of "bring … back". */
export const BACK = lines(`
back
again
in
`);

/** Behind columns: they may be used again. */
export const ALLOWED = lines(`
is fine again
is ok again
is okay again
is good again
is allowed again
is in again
is fine after all
is ok after all
is okay after all
should be in
should stay
should stay in
should be used
should be included
must be in
must stay
must stay in
can stay
can stay in
may stay
may stay in
can be used
may be used
stays
stays in
back in
back in please
in again
is back
are back
are fine again
should come back
can come back
`);

/** Behind columns that are to go: all that is said of them. */
export const GONE = lines(`
out
out please
must not influence the prediction
must not influence the model
should not influence the prediction
should not influence the model
must not matter
should not matter
must not play a role
should not play a role
is out
are out
should be out
must be out
should go
must go
has to go
have to go
needs to go
need to go
can go
goes
go away
away
has to be out
`);

/** Between "not this" and "but that". */
export const MEANING = lines(`
i meant
i mean
meant
but
rather
i wanted
`);

/** They order how rows are dealt. */
export const DEALING = lines(`
split
splits
splitting
stratify
stratified
folds
fold
same side
same split
together
in both
both train
both splits
both sides
`);

/** They order what kind a column is of. */
export const KINDS = lines(`
category
categories
categorical
number
numeric
numerical
ordinal
text
date
continuous
class
label
`);

/** Before a kind. */
export const OF_KIND = lines(`
as
is
are
into
a
an
`);

/** A kind by the words that order it. */
export const KIND_WORDS = lines(`
category category
categories category
categorical category
class category
label category
number number
numeric number
numerical number
continuous number
text text
`);

/** Rows are dealt along a time. */
export const BY_TIME = lines(`
time
date
chronologically
chronological
forward in time
`);

/** Rows are dealt one by one. */
export const AT_RANDOM = lines(`
random
randomly
stratified
stratify
row by row
`);

/** Rows that are given more than once. */
export const REPEATED = lines(`
repeats
repeated
duplicates
duplicate
duplicated
duplicated rows
duplicate rows
repeated rows
`);
