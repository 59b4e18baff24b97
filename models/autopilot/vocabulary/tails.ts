/** What may follow an order: why, and when. */

import { lines } from './lines.ts';

/** What follows them is a reason. */
export const REASONS = lines(`
because
since
as it
as they
as these
as this
as that
as i
as we
as there
it is
it was
it s
it leaks
it has
it gives
it does
its
they are
they were
they re
they have
they leak
they give
that is
that s
this is
this s
these are
those are
which is
which are
which leaks
which gives
which has
who
due to
thanks to
otherwise
or else
so that
in order to
i think
i believe
i know
i fear
we think
we know
we fear
nobody
the reason
my boss
my client
for privacy
for fairness
for legal
to be fair
to be safe
to avoid
`);

/** Behind a column or a mark they begin a sentence that tells why. */
export const TELLING = lines(`
it
they
`);

/** What follows them limits when or to what the order applies. */
export const CONDITIONS = lines(`
if
when
whenever
unless
until
where
while
provided
except when
only when
only if
only in
only for
only during
only while
only where
just for
just in
as long as
in case
`);

/** Conditions that are mere courtesy. */
export const COURTEOUS = lines(`
if possible
if you can
if you could
if you like
if you please
if you want
if you wish
if you do not mind
if you dont mind
if you would
if you may
if it is possible
if that is possible
if that is ok
if that is okay
if thats ok
if it is ok
if necessary
if needed
when you can
when you have time
when possible
where possible
while you are at it
while at it
unless you object
unless you mind
when training
when fitting
when you train
`);
