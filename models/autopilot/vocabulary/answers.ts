/** What a question may be about, beside the rows. */

import { lines } from './lines.ts';

export const WHY = lines(`
why
reason
reasons
how come
because
what for
`);

/** With a column's name they ask what is done with it. */
export const OF_USE = lines(`
use
used
uses
using
left out
out
dropped
drop
excluded
removed
ignored
kept
keep
included
feature
help
helps
matter
matters
important
useful
needed
in the model
happened
treat
treated
handle
handled
`);

export const OF_SPLIT = lines(`
split
splits
splitting
dealt
fold
folds
train and test
test set
train set
validation
`);

export const OF_METRIC = lines(`
metric
metrics
measure
measured by
judge
judged
criterion
`);

export const OF_MODELS = lines(`
model
models
learner
learners
algorithm
algorithms
classifier
candidate
candidates
compared
compare
won
winner
simple
complex
`);

export const OF_TARGET = lines(`
target
predict
predicting
predicted
outcome
`);

export const OF_SCORES = lines(`
score
scores
scored
good
bad
well
accurate
performance
trust
reliable
result
results
better
best
dummy
baseline
sure
certain
confident
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
influences
`);

export const OF_COLUMNS = lines(`
column
columns
dropped
left out
removed
excluded
`);

/** A question of the model that names them asks for the columns. */
export const COLUMN_NOUNS = lines(`
column
columns
`);

/** They ask what the person said before. */
export const OF_ORDERS = lines(`
did i ask
did i ever ask
did i say
did i tell you
did i order
did i mention
did i want
have i asked
have i said
have i told you
what did i say
what did i ask
what have i said
`);

export const OF_LEAKS = lines(`
leak
leaks
leakage
gives away
give away
gives the target away
too good
cheating
`);

export const OF_ROWS = lines(`
row
rows
size
large
big
duplicate
duplicates
repeat
repeats
repeated
`);

/** They ask for all of it. */
export const OF_DATA = lines(`
data
dataset
table
overview
summary
`);

/** They ask what the agent is and does. */
export const OF_AGENT = lines(`
who are you
what are you
are you a human
are you human
are you a bot
are you an ai
what is your name
what can you do
what can i ask
what can i say
what can i tell you
what do you understand
how can you help
can you help
can you help me
help
what do you do
what can you answer
how do you work
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
metric
column
columns
duplicate
duplicates
leak
leaks
target
`);

/** They say that a column is left out. */
export const OF_GONE = lines(`
drop
dropped
out
left out
leave out
remove
removed
exclude
excluded
ignore
ignored
not use
not used
dont you use
`);

/** They may follow a question about the agent. */
export const AFTER_AGENT = lines(`
you
me
for me
here
please
then
exactly
all
with this
with that
`);
