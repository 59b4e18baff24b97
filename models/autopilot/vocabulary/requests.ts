/** Words by which a person asks for what is to be done with columns. */

import { lines } from './lines.ts';

/** What stands before columns that are to go. */
export const EXCLUDING = lines(`
avoid
avoiding
exclude
excluding
drop
dropping
ignore
ignoring
remove
removing
omit
omitting
discard
discarding
disregard
disregarding
delete
deleting
skip
skipping
without
except
except for
apart from
get rid of
leave out
leaving out
leave aside
take out
throw out
throw away
filter out
stay away from
refrain from
do not use
dont use
do not include
dont include
do not consider
dont consider
do not take
dont take
not using
not use
not include
not including
never use
never include
never consider
minus
without using
neither
do not want
dont want
do not need
dont need
do not see
dont see
must not see
should not see
cannot see
may not see
must not know
must never see
not see
not to see
not to use
not to know
not to include
not depend on
not rely on
not be based on
not look at
`);

/** Behind "do not want": who is not to do what follows. */
export const SOMEONE_TO = lines(`
you to
us to
it to
the model to
the models to
any model to
to
`);

/** They leave out what stands between them and "out". */
export const AROUND = lines(`
leave
keep
take
throw
leaving
keeping
`);

/** What stands before columns that are to stay. */
export const KEEPING = lines(`
keep
include
bring back
put back
restore
do use
do include
use again
use
using
add
want
need
consider
allow
`);

/** What stands before columns that alone are to be used. */
export const ONLY = lines(`
only use
use only
using only
only using
nothing but
use just
just use
use nothing but
`);

/** Behind a list of columns: what follows is to go the other way. */
export const BUT_NOT = lines(`
not
but not
and not
rather than
instead of
`);

/** Behind a list of columns: no others are to be used. */
export const ALONE = lines(`
only
alone
`);

export const ALL_BUT = lines(`
except
except for
but
besides
apart from
other than
`);

/** Before words that fit several columns: each of those is meant. */
export const EACH_OF = lines(`
both
all
every
`);

/** They order something of columns beyond doubt, so that a part of a name is one. */
export const PLAINLY = lines(`
leave
drop
remove
exclude
omit
skip
delete
discard
ignore
avoid
keep
bring
restore
without
predict
out
back
`);

/** "… should be left out": the last word, or the one before "out". */
export const LEFT_OUT = lines(`
excluded
dropped
ignored
removed
avoided
omitted
discarded
disregarded
skipped
left
taken
kept
thrown
`);

/** Words of columns that are left out, only with "out" behind them. */
export const LEFT_WITH_OUT = lines(`
left
taken
kept
thrown
`);

/** The end of "leave … out". */
export const AWAY = lines(`
out
aside
away
`);

/** Before "except". */
export const ALL = lines(`
all
every
everything
any
anything
nothing
`);

export const USING = lines(`
used
considered
included
`);

/** Before a participle: something is told, not asked for. */
export const DONE = lines(`
was
were
been
is
are
has
have
had
`);
