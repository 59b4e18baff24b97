/** Words that take back what was said of something. */

import { lines } from './lines.ts';

/** Whatever follows them is to count no more. */
export const REVOKING = lines(`
forget
forget about
forget the
forget what i said about
forget what i said of
forget what i said on
forget what i told you about
forget that i said
forget that i mentioned
forget my wish for
forget my order about
ignore what i said about
ignore what i said of
ignore what i told you about
disregard what i said about
disregard what i told you about
drop what i said about
scratch what i said about
strike what i said about
never mind
never mind about
never mind the
never mind what i said about
nevermind
nevermind what i said about
i take back what i said about
i take back what i said of
take back what i said about
take back what i said of
scrap what i said about
cancel what i said about
revoke what i said about
withdraw what i said about
undo what i said about
decide yourself about
decide yourself on
decide for yourself about
`);

/** Behind what is taken back they say nothing else. */
export const LEAVING = lines(`
decide yourself
decide for yourself
decide it yourself
you decide
you choose
your choice
your call
it is up to you
its up to you
it’s up to you
up to you
as you like
as you see fit
do as you think best
`);

/** How rows are dealt. */
export const THE_SPLIT = lines(`
split
splits
`);

/** Rows that are given more than once. */
export const THE_REPEATS = lines(`
repeats
duplicates
`);

/** Before a measure or a model alone; of columns they say something else. */
export const REVOKING_CHOICES = lines(`
undo
undo the
cancel
cancel the
scrap
scrap the
scratch
scratch the
take back
take back the
i take back
revoke
withdraw
`);

/** The measure, whichever was named. */
export const THE_METRIC = lines(`
metric
measure
`);

/** The model, whichever was named. */
export const THE_MODEL = lines(`
model
models
learner
`);

/** What is predicted. */
export const THE_TARGET = lines(`
target
`);

/** The threshold is meant. */
export const THE_THRESHOLD = lines(`
threshold
cutoff
`);
