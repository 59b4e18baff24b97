/** Words by which a sentence supposes. */

import { lines } from './lines.ts';

/** They suppose, propose or doubt. */
export const SUPPOSING = lines(`
should
shouldnt
shall
what if
what about leaving
what about dropping
what about using
what about removing
what happens if
what happens when
what would happen if
what would happen when
what would it do to
what would change if
what changes if
would anything change if
suppose
supposing
imagine
assume
assuming
say we
if we
if you
if i
if it
what do you think about
what do you think of
let me know if we should
is leaving out
is dropping
does leaving out
does dropping
consider
it may be better to
it might be better to
it could be better to
you might want to
you may want to
one could
we could
i could
how about
how would it
how would the model
how would that
what would
why dont we
why dont you just
why not just
would
wouldnt
might
could
couldnt
is it a good idea
would it be a good idea
isnt it a good idea
is it better
is it best
is it wise
is it worth
is it worthwhile
is it sensible
isnt it better
isnt it wiser
does it make sense
do you think
dont you think
do you recommend
do you suggest
would you recommend
would you suggest
i wonder
im wondering
i m wondering
i am wondering
i was wondering
wondering
thinking about
i am thinking about
im thinking about
i m thinking about
i am thinking of
maybe
perhaps
possibly
is it necessary to
do we need to
do we have to
do i have to
do i need to
must we
need we
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
`);
