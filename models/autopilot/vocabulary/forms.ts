/** Forms of verbs as polite and supposing sentences have them, each with the form of an order. */

import { lines } from './lines.ts';

/** The form, then what an order says. */
export const FORMS = lines(`
leaving leave
left leave
dropping drop
dropped drop
removing remove
removed remove
excluding exclude
excluded exclude
ignoring ignore
ignored ignore
omitting omit
omitted omit
skipping skip
skipped skip
deleting delete
deleted delete
using use
used use
taking take
took take
including include
included include
keeping keep
kept keep
predicting predict
predicted predict
bringing bring
brought bring
putting put
training train
trained train
fitting fit
fitted fit
trying try
tried try
choosing choose
chose choose
judging judge
judged judge
`);

/** Words that are often mistyped: one letter missing or too many, or two that changed places. */
export const OFTEN_MISTYPED = lines(`
leave
remove
exclude
ignore
without
predict
accuracy
boosting
gradient
forest
logistic
linear
which
columns
column
please
average
should
could
would
missing
faster
simpler
careful
passengers
survived
metric
choose
threshold
decimal
thousands
logarithm
encoding
first
comma
month
`);

/** Short forms, each with what it stands for. */
export const SHORT_FORMS = lines(`
pls please
plz please
wy why
cuz because
bc because
w with
u you
ur your
thx thanks
ty thanks
rm remove
wo without
otu out
teh the
`);

/** Before what would be done to a column. */
export const BEING_DONE = lines(`
was
were
is
are
being
`);

/** Letters that sound alike: one for the other is a slip of the hand. */
export const SOUNDING_ALIKE = lines(`
c k
c s
s z
i y
`);
