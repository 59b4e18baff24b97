/** Units of measure, and how dates are spoken of. */

import { lines } from './lines.ts';

/** What a person says, the unit at the end of a column's name, and how many of that it is. */
export const UNITS = lines(`
kg g 1000
kilo g 1000
kilos g 1000
kilogram g 1000
kilograms g 1000
g g 1
gram g 1
grams g 1
g kg 0.001
gram kg 0.001
grams kg 0.001
kg kg 1
kilo kg 1
kilos kg 1
kilograms kg 1
t kg 1000
tons kg 1000
tonnes kg 1000
cm mm 10
centimetres mm 10
centimeters mm 10
mm mm 1
millimetres mm 1
millimeters mm 1
m mm 1000
mm cm 0.1
millimetres cm 0.1
cm cm 1
centimetres cm 1
centimeters cm 1
m cm 100
metres cm 100
meters cm 100
cm m 0.01
m m 1
metres m 1
meters m 1
km m 1000
kilometres m 1000
kilometers m 1000
m km 0.001
km km 1
kilometres km 1
kilometers km 1
min s 60
minutes s 60
s s 1
sec s 1
seconds s 1
h s 3600
hours s 3600
h min 60
hours min 60
min min 1
minutes min 1
€ eur 1
eur eur 1
euro eur 1
euros eur 1
$ usd 1
usd usd 1
dollar usd 1
dollars usd 1
`);

/** Before a year or month: on it or within it. */
export const WITHIN = lines(`
in
during
within
`);

/** Before one: later than all of it. */
export const AFTER = lines(`
after
later than
`);

/** Before one: from its beginning on. */
export const SINCE = lines(`
since
from
starting
`);

/** Before one: earlier than its beginning. */
export const BEFORE = lines(`
before
until
earlier than
prior to
`);

/** They set one group beside another. */
export const VERSUS = lines(`
vs
versus
against
compared to
compared with
`);

/** Before a number that rows must not have. */
export const OTHER_THAN = lines(`
without
without the
except
except the
except for
except for the
excluding
excluding the
ignoring
ignoring the
other than
apart from
but not
not counting
not counting the
`);
