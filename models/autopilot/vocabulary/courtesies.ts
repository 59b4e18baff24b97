/** Openings that are polite, and words that only soften. */

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
