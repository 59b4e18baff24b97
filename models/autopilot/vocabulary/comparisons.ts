/** Words that compare with a number. */

import { lines } from './lines.ts';

/** What a comparison is called; it stands before its number. */
export const AT_LEAST = lines(`
>=
at least
not less than
no less than
`);

export const AT_MOST = lines(`
<=
at most
not more than
no more than
up to
`);

export const ABOVE = lines(`
>
over
above
more than
greater than
larger than
higher than
bigger than
exceeds
exceeding
exceed
`);

export const BELOW = lines(`
<
under
below
less than
fewer than
smaller than
lower than
`);

export const EQUAL = lines(`
=
==
equal to
equals
exactly
is
are
of
was
`);
