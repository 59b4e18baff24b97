/** Words that tell, want, put right or compare. */

import { lines } from './lines.ts';

/** Who a statement is about. */
export const SUBJECTS = lines(`
i
you
we
he
she
they
it
someone
somebody
everyone
everybody
nobody
`);

/** After those: something is wanted. Anything else is told. */
export const WANTING = lines(`
want
wants
need
needs
prefer
wish
insist
would like
would rather
would prefer
d like
d rather
d prefer
do not want
dont want
do not need
dont need
do not like
dont like
do not trust
dont trust
do not think
dont think
think
believe
feel
suggest
propose
recommend
ask
should
shouldnt
should not
must
mustnt
must not
may
may not
can
cannot
cant
could
need to
ought
have to
are to
better
meant
mean
shall
will
can leave
was wrong
would be
d be
predict
said
told you
changed my mind
`);

/** Something that was done is put right. */
export const CORRECTING = lines(`
back
again
after all
actually
undo
revert
restore
meant
instead
rather
was wrong
wrong
mistake
changed my mind
on second thought
`);

/** One thing is held against another. */
export const COMPARING = lines(`
why not
why didnt
why did you not
why havent
instead of
rather than
better
worse
best
compare
compares
compared
versus
vs
and not
difference
`);

/** They lead to what is wanted instead of what was just ordered. */
export const RETRACTING = lines(`
no wait
wait no
wait
no sorry
sorry no
no no
oh no
i mean
`);

/** The last change is to be taken back. */
export const UNDOING = lines(`
undo
undo it
undo that
undo this
undo the last
undo the last change
undo the change
undo my last
revert
revert it
revert that
revert the last change
take it back
take that back
scratch that
strike that
forget that
forget it
never mind
nevermind
`);
