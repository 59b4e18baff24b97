/** Words of questions about rows. */

import { lines } from './lines.ts';

export const MEAN = lines(`
mean
average
avg
`);

export const LEAST = lines(`
min
minimum
smallest
lowest
least
`);

export const MOST = lines(`
max
maximum
largest
biggest
highest
greatest
top
`);

export const TOTAL = lines(`
sum
total
total of
`);

export const SPREAD = lines(`
std
standard deviation
spread
`);

export const COUNTING = lines(`
how many
how often
count
counts
number of
share
percent
percentage
proportion
fraction
rate
how much of
`);

/** They ask for the values of a column, each with its count. */
export const OF_VALUES = lines(`
value
values
counts
distribution
classes
levels
categories
each
commonest
most common
most frequent
how often
`);

/** They are hardly ever values. */
export const STOP_WORDS = lines(`
how
many
much
often
rows
row
are
is
was
were
there
the
a
an
of
in
on
at
to
for
with
and
or
not
no
have
has
had
do
does
did
this
that
these
those
what
which
who
data
dataset
table
file
upload
it
its
them
count
number
share
percent
percentage
proportion
fraction
by
per
each
all
any
than
over
above
under
below
more
less
most
least
between
mean
average
median
min
minimum
max
maximum
sum
total
range
values
value
missing
blank
empty
distinct
unique
different
where
whose
when
from
records
entries
samples
cases
examples
went
into
used
use
using
contain
contains
remain
left
kept
gone
`);

/** Before the column whose values the rows are grouped by. */
export const GROUPING = lines(`
by
per
for each
for every
in each
of each
each
across
`);

/** A question about rows begins with them, where it begins with no word that asks. */
export const OF_NUMBERS = lines(`
mean
average
median
minimum
maximum
smallest
largest
highest
lowest
count
counts
number of
share of
percentage of
proportion of
distribution of
correlation of
correlation between
standard deviation
range of
total
sum of
missing values
max
min
avg
longest
shortest
heaviest
oldest
youngest
share
percentage
proportion
`);

/** They ask for a share, not a number of rows. */
export const SHARES = lines(`
share
percent
percentage
proportion
fraction
rate
`);

/** With "which" and a column they ask for its commonest or rarest value. */
export const SUPERLATIVES = lines(`
most
fewest
least
more
commonest
rarest
`);
