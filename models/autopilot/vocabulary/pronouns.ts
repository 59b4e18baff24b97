/** What stands for columns that were named, and what denies a verb. */

import { lines } from './lines.ts';

export const NEGATIONS = lines(`
not
never
dont
no
wont
cannot
neither
without
stop
doesnt
didnt
isnt
arent
wasnt
werent
shouldnt
mustnt
cant
couldnt
wouldnt
hasnt
havent
undo
revert
reverse
cancel
`);

/** They stand for a column named before. */
export const PRONOUNS = lines(`
it
that
this
that one
this one
that column
this column
that feature
this feature
the column
the feature
`);

/** They end what is said before a column, and do not order it alone: "most of it". */
export const OF_IT = lines(`
of
from
for
`);

/** They stand for several. */
export const PRONOUNS_OF_SEVERAL = lines(`
them
both
those
these
those columns
these columns
both columns
`);

/** They may stand between "not" and the verb that it denies. */
export const BETWEEN_NEGATION = lines(`
want
wants
need
like
you
us
to
please
have
ever
just
think
believe
should
must
would
could
ought
we
that
it
the
any
model
models
`);
