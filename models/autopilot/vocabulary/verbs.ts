/** What asks for something, and what joins one request to the next. */

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

/** Two words that look like a verb and its object and are a name. */
export const NO_VERBS = lines(`
target encoding
target encode
target encoded
target mean
target means
`);

export const VERBS_OF_TWO = lines(`
get rid
go on
go ahead
carry on
do not
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
