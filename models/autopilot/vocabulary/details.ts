/** Words of orders about how cells are read, about features and about the threshold. */

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

/** They say that there is no value. */
export const NO_VALUE = lines(`
missing
missing value
missing values
no value
without value
not available
not known
not recorded
not measured
not applicable
unknown
na
n/a
nan
null
blank
empty
`);

/** They say that there is one. */
export const A_VALUE = lines(`
real value
real values
true value
valid value
valid values
actual value
real number
ordinary value
normal value
proper value
genuine value
`);

/** Before what is to be read as no value. */
export const READING = lines(`
treat
treating
read
reading
take
taking
count
counting
consider
considering
regard
regarding
interpret
interpreting
handle
handling
use
using
see
code
`);

/** Between a text and what it stands for. */
export const STANDING_FOR = lines(`
as
is
are
isnt
arent
was
be
means
mean
stands for
stand for
denotes
denote
represents
represent
codes for
code for
should be
should count as
counts as
count as
=
==
`);

/** Behind a verb: the text itself, by a word. */
export const ZEROS = lines(`
zero
zeros
zeroes
`);

/** What stands first in a date. */
export const DAY_FIRST = lines(`
day first
days first
day comes first
days come first
day is first
day before month
day then month
day month
day month year
dd mm
dd mm yyyy
dd mm yy
dd/mm
dd/mm/yyyy
dd/mm/yy
dd.mm
dd.mm.yyyy
dd.mm.yy
dd-mm
dd-mm-yyyy
d/m
d/m/y
d/m/yyyy
european
european style
european format
british
`);

/** The same with the month. */
export const MONTH_FIRST = lines(`
month first
months first
month comes first
months come first
month is first
month before day
month then day
month day
month day year
mm dd
mm dd yyyy
mm dd yy
mm/dd
mm/dd/yyyy
mm/dd/yy
mm.dd
mm.dd.yyyy
mm-dd
mm-dd-yyyy
m/d
m/d/y
m/d/yyyy
american
american style
american format
us style
us format
us dates
`);

/** What the mark before three digits means. */
export const DECIMAL = lines(`
decimal
decimals
decimal mark
decimal point
decimal comma
decimal separator
decimal sign
`);

/** The same where it groups digits. */
export const THOUSANDS = lines(`
thousand
thousands
thousand mark
thousands mark
thousand separator
thousands separator
thousend separator
thousends separator
separates thousands
separate thousands
separating thousands
groups digits
grouping mark
digit grouping
`);

/** A way to make features, a colon, and the words that order it. */
export const WAYS = lines(`
log: log
log: logs
log: logged
log: logarithm
log: logarithms
log: log transform
log: log transformed
log: log transformation
log: log scale
log: logarithmic scale
means: target encoding
means: target encode
means: target encoded
means: target-encode
means: target-encoded
means: mean encoding
means: mean encode
means: mean of the target
means: means of the target
means: mean target
means: target mean
means: target means
labels: one hot
labels: one-hot
labels: onehot
labels: one hot encode
labels: one-hot encode
labels: one hot encoded
labels: one-hot encoded
labels: one hot encoding
labels: one-hot encoding
labels: one hot encod
labels: onehot encode
labels: dummies
labels: dummy variables
labels: dummy coding
labels: dummy encode
labels: one column per label
labels: a column per label
labels: a feature per label
words: word counts
words: bag of words
words: tf idf
words: tf-idf
words: tfidf
words: words
elapsed: time since
elapsed: elapsed time
elapsed: time elapsed
elapsed: elapsed
elapsed: time passed
elapsed: time that has passed
parts: date parts
parts: calendar parts
parts: calendar features
parts: year and month
parts: year month and day
parts: year, month and day
parts: year, month, day
parts: year, month and weekday
parts: month and weekday
parts: month and day
parts: day and month
number: plain number
number: raw number
number: raw numbers
number: untransformed
number: no transformation
`);

/** They name what is to be predicted, not how it becomes features. */
export const FORETELLING = lines(`
predict*
forecast*
`);

/** Behind "log" they name something else. */
export const NO_LOGARITHM = lines(`
loss
losses
likelihood
linear
odds
in
out
`);

/** The way that is meant where another one is denied. */
export const OTHER_WAY = lines(`
log number
means labels
words labels
elapsed parts
parts elapsed
`);

/** All columns of text at once. */
export const TEXT_COLUMNS = lines(`
text features
text feature
text columns
text fields
text variables
free text
free texts
free text columns
features from text
features of text
`);

/** Lines at the edges of a table, with their name in the ledger. */
export const EDGE_LINES = lines(`
footnote: footnote
footnote: footnotes
footnote: footnote line
footnote: footnote lines
footnote: footer
footnote: footer line
total: total line
total: total lines
total: total row
total: total rows
total: totals
total: totals row
total: totals line
total: sum row
total: sum line
unaligned: unaligned line
unaligned: unaligned lines
unaligned: unaligned row
unaligned: unaligned rows
unaligned: shifted rows
`);

/** Lines that are named are rows. */
export const ARE_ROWS = lines(`
is a row
are rows
is data
are data
is a real row
are real rows
`);

/** A kind of problem, a colon, and the words that order it. */
export const PROBLEMS = lines(`
regression: regression problem
regression: regression task
regression: as a regression
regression: as regression
regression: is a regression
regression: is regression
regression: do regression
regression: do a regression
multiclass: multiclass
multiclass: multi class
multiclass: multi-class
multiclass: multiclass problem
multiclass: multiclass classification
binary: binary problem
binary: binary classification
binary: two class problem
binary: two-class problem
binary: yes or no problem
`);

/** Words that may stand in such orders and change nothing. */
export const AROUND_DETAILS = lines(`
at
above
over
below
least
greater
higher
lower
raise
reduce
increase
decrease
more
less
fewer
than
from
on
onwards
upwards
exceeds
reaches
everyone
anyone
everything
people
one
ones
yes
no
only
uses
has
have
its
their
it
the
late
positive
prob
risk
score
back
first
second
third
mark
marks
sign
point
points
comma
commas
dot
dots
period
separator
format
style
written
order
date
dates
day
days
month
months
year
years
value
values
number
numbers
cell
cells
code
coded
codes
entry
entries
text
texts
label
labels
encode
encoded
encoding
transform
transformed
transformation
apply
represent
turn
into
of
for
in
to
by
with
as
feature
features
column
columns
all
line
lines
row
rows
problem
task
rather
instead
real
really
want
id
prefer
worse
worth
means
mean
stands
now
again
so
and
or
not
plain
raw
missing
`);

/** The months, each with its number. */
export const MONTHS = lines(`
january 1
february 2
march 3
april 4
may 5
june 6
july 7
august 8
september 9
october 10
november 11
december 12
jan 1
feb 2
mar 3
apr 4
jun 6
jul 7
aug 8
sep 9
sept 9
oct 10
nov 11
dec 12
`);
