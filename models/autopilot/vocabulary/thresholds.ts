/** Words of orders about the threshold. */

import { lines } from './lines.ts';

/** They name the threshold. */
export const THRESHOLD = lines(`
threshold
thresholds
treshold
treshhold
cutoff
cutoffs
cut off
cut-off
decision boundary
`);

/** Verbs and subjects of a threshold that is not called so: "say yes from 30% on". */
export const FLAGGING = lines(`
say
says
call
calls
flag
flags
flagged
mark
warn
alert
label
classify
name
`);

/** Before or behind its number there. */
export const OF_CHANCES = lines(`
%
percent
per cent
probability
probabilities
chance
`);

/** Before such a chance: it is no condition of another kind. */
export const WHEN = lines(`
if
when
whenever
once
where
`);

/** Whose chance it is. */
export const WHOSE = lines(`
the
its
their
a
the predicted
its predicted
`);

/** They want the rarer class named more often, or less often, and do not say from which probability on. */
export const MORE_OR_LESS_FLAGS = lines(`
flag more
flag less
flag fewer
flag many more
catch more
find more
miss fewer
miss less
false alarm
false alarms
false positive
false positives
false negative
false negatives
lower threshold
higher threshold
`);

/** A share of a hundred. */
export const PERCENT = lines(`
%
percent
per cent
pct
`);
