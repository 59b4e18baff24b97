/** Words of orders about how cells are read, about features and about the threshold. */

import { lines } from './lines.ts';

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
