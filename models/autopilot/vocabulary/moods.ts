/** Words by which a sentence asks, supposes, or politely orders. */

import { lines } from './lines.ts';

/** After "could you": something is to be told, not done. */
export const TELLING = lines(`
tell
explain
show
say
describe
list
give
answer
clarify
elaborate
justify
remind
help
understand
know
see
ask
count
compare
name
let me know
have
learn
find out
look at
telling
explaining
showing
saying
describing
listing
`);

/** They ask, wherever they begin. */
export const ASKING = lines(`
why
how
what
whats
which
who
whos
whom
whose
when
where
wheres
is
isnt
are
arent
was
wasnt
were
werent
am
does
doesnt
did
didnt
has
hasnt
hasn
had
havent
can
cant
will
do we
do you
do they
do i
do the
do these
do those
do any
do all
do both
dont you
dont they
dont we
have you
have we
have they
have the
have any
have i
tell me
tell us
show
explain
list
give me
give us
describe
remind me
count the
i want to know
i would like to know
i d like to know
id like to know
i need to know
i wish to know
i want to see
i would like to see
i want to understand
i would like to understand
i d like to understand
i am curious
im curious
i m curious
let me know
any idea
do you know
any news
report
we want to know
we would like to know
anything else
may
must i
must you
`);

/** Of those, the ones that also begin a clause that only tells more of what went before. */
export const RELATIVE = lines(`
which
who
whom
whose
when
where
what
is
isnt
are
was
were
am
has
had
do the
can
will
did
does
show
list
may
would
might
could
maybe
perhaps
possibly
assuming
assume
`);

/** They ask only before a question mark. */
export const ONLY_ASKED = lines(`
when
where
if we
if you
if i
if it
`);

/** They suppose, up to the question mark. */
export const IFS = lines(`
if we
if you
if i
if it
`);

/** Anywhere in a sentence: it asks. */
export const EMBEDDED = lines(`
why
whether
how come
how many
how much
`);

/** At the end, before the question mark, they only soften what was ordered. */
export const TAGS = lines(`
please
ok
okay
pls
plz
will you
would you
could you
can you
if you can
alright
thanks
thank you
`);
