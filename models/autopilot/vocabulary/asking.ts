/** Words by which a person asks to be asked, or to be asked no more. */

import { lines } from './lines.ts';

/** Whole requests. */
export const ASKING = lines(`
ask me
ask us
ask back
ask first
ask before
ask the user
ask the person
consult me
consult us
question me
question us
check with me
check with us
check back with me
check back with us
come back to me
wait for me
wait for my
`);

/** Who is to be asked, after words such as "confirm the target with". */
export const ME = lines(`
me
us
`);

/** After "let me" and "I want to". */
export const DECIDING = lines(`
decide
choose
pick
confirm
approve
`);

/** After "I". */
export const WISHING = lines(`
want
would like
wish
like
need
prefer
would rather
rather
`);

/** Before "my consent". */
export const SEEKING = lines(`
get
want
need
await
seek
obtain
with
`);

/** After "my". */
export const CONSENT = lines(`
ok
okay
consent
approval
permission
go-ahead
`);

/** A request only where a word of time stands behind it. */
export const ASKING_BARELY = lines(`
ask
consult
check
confirm
`);

export const PRIOR = lines(`
before
first
prior
`);

/** They put a whole sentence under the request that follows them. */
export const CONDITIONS = lines(`
before
prior to
without
unless
until
`);

export const CONDITIONED = lines(`
ask
asking
consult
consulting
check with
checking with
confirm with
confirming with
my ok
my okay
my consent
my approval
my permission
my word
`);

/** Before "I agree". */
export const UNTIL = lines(`
before
until
unless
`);

/** After "I". */
export const AGREEING = lines(`
agree
confirm
approve
say
decide
ok
`);

/** A sentence that begins with them may be governed by the request behind them. */
export const OCCASIONS = lines(`
when
whenever
if
once
for
about
regarding
on
concerning
as to
as for
every time
in case
`);

export const OCCASIONED = lines(`
ask
consult
check with
confirm with
`);

/** Before "ask me". */
export const NEVER = lines(`
do not
don't
don’t
dont
never
no need to
stop
without
`);

export const QUESTIONING = lines(`
ask
asking
question
questioning
consult
consulting
`);

export const ANYTHING = lines(`
me
us
anything
any
questions
again
further
`);

/** Between a request and the next one. */
export const JOINING = lines(`
and
then
but
also
`);

export const SOFTENING = lines(`
please
also
`);

/** They begin another request. */
export const NEXT = lines(`
leave
exclude
avoid
ignore
omit
remove
drop
use
predict
judge
do not use
don't use
don’t use
dont use
go on
continue
`);

/** They lead to a request and belong to it. */
export const LEADING = lines(`
and
but
then
please
also
you should
you must
could you
can you
would you
i want you to
always
however
`);
