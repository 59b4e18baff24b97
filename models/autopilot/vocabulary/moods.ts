/** Words by which a sentence asks, supposes, or politely orders. */

import { lines } from './lines.ts';

/** They may stand before anything else. */
export const FILLERS = lines(`
please
and
or
but
so
then
also
well
now
hi
hello
hey
oh
hm
ok
okay
yes
no
thanks
thank you
great
good
fine
sorry
autopilot
by the way
one more thing
oops
whoops
ah
er
um
hmm
actually
right
yeah
nope
wait
first
next
finally
anyway
anyhow
besides
however
again
moreover
,
:
`);

/** An order, in other words. */
export const POLITE = lines(`
could you
can you
couldnt you please
would you please
would you kindly
will you please
will you kindly
would you mind
do you mind
may i ask you to
might i ask you to
can i ask you to
could i ask you to
i ask you to
i would ask you to
i would like you to
i d like you to
id like you to
i want you to
i need you to
i would like to
i d like to
id like to
i want to
i wish to
i would prefer it if you
i would prefer if you
i d prefer it if you
i would appreciate it if you
i d appreciate it if you
i would be grateful if you
i d be grateful if you
would you be so kind as to
be so kind as to
would you be so good as to
it would be great if you
it would be nice if you
it would be good if you
it would be kind if you
it would be lovely if you
it would be better if you
it would be best if you
it d be great if you
it d be nice if you
kindly
i was hoping you could
i hope you can
i hope you could
i was wondering if you could
i wonder if you could
do me a favour and
do me a favor and
mind
feel free to
you may as well
go ahead and
i suggest you
i suggest to
let us
lets
let s
`);

/** An order only with "please" beside it; else one supposes. */
export const POLITE_WITH_PLEASE = lines(`
can we
could we
can i
could i
may i
may we
would you
will you
wont you
is it possible to
would it be possible to
might it be possible to
would it be ok to
would it be okay to
`);

export const PLEASE = lines(`
please
kindly
pls
plz
`);

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
