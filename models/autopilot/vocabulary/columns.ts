/** Words in and around a list of columns. */

import { lines } from './lines.ts';

/** They join the items of a list. */
export const JOINING = lines(`
,
&
+
/
:
;
and
or
nor
plus
then
also
as
well
`);

/** They may stand in a list and name nothing. */
export const FILLERS = lines(`
the
a
an
my
our
this
that
these
those
both
all
any
of
out
from
please
column
columns
feature
features
field
fields
variable
variables
attribute
attributes
predictor
predictors
input
inputs
called
named
following
using
use
include
including
taking
either
`);

/** Words that speak of something else than a column, where none is called so. */
export const NEVER_COLUMNS = lines(`
instruction
instructions
prompt
prompts
rule
rules
command
commands
table
tables
database
databases
schema
view
`);

/** Rows or values are meant, not columns. */
export const ROW_WORDS = lines(`
row
rows
record
records
line
lines
entry
entries
sample
samples
case
cases
missing
null
nulls
nan
nans
blank
blanks
empty
outlier
outliers
duplicate
duplicates
repeat
repeats
value
values
cell
cells
zero
zeros
where
noise
`);

/** Before them a list ends for good: what follows is a reason or a place, not a column. */
export const ENDING = lines(`
it
they
because
since
which
who
for
if
when
while
thanks
thank
in
on
by
with
than
about
between
to
is
are
was
were
so
until
before
after
everything
everyone
nobody
there
he
she
we
you
i
ok
okay
right
will
would
could
can
instead
again
thx
cheers
only
alone
entirely
completely
now
first
next
too
anymore
whatever
altogether
nothing
`);
