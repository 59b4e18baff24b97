/** Words by which a person agrees, is merely polite, or refuses. */

import { lines } from './lines.ts';

/** They may stand before. */
export const OPENINGS = lines(`
then
and
please
just
so
well
now
`);

export const CONSENT = lines(`
go on
go ahead
go for it
continue
proceed
carry on
ok
okay
yes
yep
yeah
sure
fine
agreed
alright
all right
good
great
perfect
looks good
sounds good
that is fine
thats fine
do it
do that
do so
of course
right
correct
approve
approved
thanks
thank you
please
hello
hi
hey
good morning
good afternoon
good evening
bye
cheers
nice
cool
well done
good job
good work
great work
i like it
i see
understood
that is great
that is good
that is nice
interesting
lovely
wonderful
excellent
awesome
super
thats great
thats good
got it
`);

/** They may follow. */
export const AFTER_CONSENT = lines(`
please
now
then
with it
with that
with this
as proposed
as planned
as you proposed
as you planned
thanks
thank you
very much
a lot
so far
all
everyone
autopilot
sounds good
looks good
go on
go ahead
do it
continue
that is great
that is good
that is fine
that is nice
that s great
that s good
that was quick
great
good
nice
well done
good job
for that
for this
for your help
for the help
to me
to you
indeed
`);

/** An answer that begins with them says no. */
export const REFUSING = lines(`
stop
do not
cancel
wait
`);

/** Answers that leave a choice to the agent. */
export const LEAVING_IT = lines(`
you choose
you decide
you pick
up to you
your choice
whatever
either
no preference
no idea
default
as proposed
go on
go ahead
continue
yes
ok
okay
fine
sure
`);

/** After "I do not". */
export const CARING = lines(`
know
mind
care
`);
