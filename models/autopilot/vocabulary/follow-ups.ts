/** Words of questions after the last stage. */

import { lines } from './lines.ts';

/** New work is asked for. */
export const WORK = lines(`
train
retrain
re-train
fit
try
tune
change
remove
drop
add
plot
draw
make
build
write
run
use
deploy
rerun
`);

/** They ask what the stages did, which the table cannot answer. */
export const OF_STAGES = lines(`
train
training
test
val
validation
split
splits
feature
features
fold
folds
score
scores
model
models
`);

export const OF_FEATURES = lines(`
important
importance
useful
matter
matters
feature
features
driver
drivers
influence
`);

export const OF_COLUMNS = lines(`
column
columns
dropped
left out
removed
excluded
`);

export const OF_ROWS = lines(`
row
rows
split
splits
size
large
big
`);

export const OF_SCORES = lines(`
score
scores
good
well
metric
metrics
accurate
performance
model
models
trust
better
best
`);

/** A question begins with one of them. */
export const ASKING = lines(`
what
which
how
why
who
when
is
are
does
do
did
was
were
show
list
tell
name
give
explain
`);
