/** Words by which a person asks for what is to be done with columns. */

import { lines } from './lines.ts';

/** Verbs that begin a request. */
export const VERBS = lines(`
leave
keep
take
throw
avoid
exclude
drop
ignore
remove
omit
discard
disregard
delete
skip
use
using
without
predict
forecast
judge
optimise
optimize
choose
score
evaluate
measure
maximise
maximize
minimise
minimize
continue
proceed
include
don't
don’t
dont
never
make
train
retrain
no
be
hurry
speed
fit
set
tune
try
write
split
treat
give
add
draw
plot
stop
tell
explain
model
target
bring
put
restore
undo
revert
get
clean
`);

export const VERBS_OF_TWO = lines(`
get rid
go on
go ahead
carry on
do not
`);

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

/** Two words that look like a verb and its object and are a name. */
export const NO_VERBS = lines(`
target encoding
target encode
target encoded
target mean
target means
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

/** They name the target. */
export const PREDICTING = lines(`
predict
predicts
predicting
prediction
target
forecast
forecasting
`);

/** Of those the ones that name the target only before "of". */
export const PREDICTIONS = lines(`
prediction
`);

/** Between them and the target. */
export const PREDICTION_OF = lines(`
of
for
:
`);

/** Behind the column that is to be the target. */
export const AS_TARGET = lines(`
as target
as the target
as a target
as outcome
as the outcome
as label
as the label
is the target
is the outcome
`);

/** They may name the target. */
export const MODELLING = lines(`
model
modelling
modeling
estimate
classify
outcome
label
classifier
regressor
`);

/** They stand between these and the target. */
export const BEFORE_A_TARGET = lines(`
the
a
an
column
variable
of
is
should
be
will
whether
for
:
`);

/** Words that join requests. */
export const JOINING = lines(`
and
then
but
also
so
`);

/** Words that soften a request. */
export const SOFTENING = lines(`
please
also
then
just
`);

/** Of the joining ones those that do so without a mark before them. */
export const JOINED = lines(`
and
then
but
`);

/** They may stand behind those. */
export const FOLLOWING = lines(`
then
also
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
