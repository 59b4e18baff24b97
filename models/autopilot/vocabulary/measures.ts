/** Adjectives and verbs that measure, each with words of the columns that hold what they measure. */

import { lines } from './lines.ts';

/**
 * An adjective, its comparative and its superlative, then the columns, the likelier ones first. A word behind "-" is
 * of a column that runs the other way: who is older was born earlier. `@date` is any column of dates.
 */
export const ADJECTIVES = lines(`
old older oldest age -birth -born -birthday -birthdate -birthyear -dob -model_year -year_built -built -vintage
young younger youngest -age birth born birthday birthdate birthyear dob
expensive - - price fare cost charge
pricey pricier priciest price fare cost
costly costlier costliest price cost fare
dear dearer dearest price fare cost
cheap cheaper cheapest -price -fare -cost -charge
rich richer richest income salary wage wages earnings wealth
wealthy wealthier wealthiest income salary wage wages earnings wealth
poor poorer poorest -income -salary -wage -wages -earnings -wealth
heavy heavier heaviest mass weight
light lighter lightest -mass -weight
tall taller tallest height
long longer longest length duration
short shorter shortest -length -height -duration
wide wider widest width
narrow narrower narrowest -width
deep deeper deepest depth
shallow shallower shallowest -depth
thick thicker thickest thickness
thin thinner thinnest -thickness
large larger largest size area sqft population
big bigger biggest size area sqft population
small smaller smallest -size -area -sqft -population
fast faster fastest speed mph kmh
slow slower slowest -speed -mph -kmh
powerful - - horsepower power hp
strong stronger strongest strength power
hot hotter hottest temperature temp
warm warmer warmest temperature temp
cold colder coldest -temperature -temp
new newer newest model_year year_built built vintage year @date
late later latest @date
recent - - @date year
early earlier earliest -@date
`);

/** A verb's forms before the colon, then the columns, the likelier ones first. */
export const VERBS = lines(`
earn earns earned earning: income salary wage wages earnings pay
pay pays paid paying: fare price paid payment bill amount fee cost
cost costs costing: price cost fare
weigh weighs weighed weighing: mass weight
spend spends spent spending: spending amount bill expense
lasted lasts: duration length
`);

/** Before an adjective without forms of its own. */
export const MORE = lines(`
more
`);

export const LESS = lines(`
less
`);

export const MOST = lines(`
most
`);

export const LEAST = lines(`
least
`);

/** Between a column and the sign behind it nothing else stands. */
export const BEFORE_A_SIGN = lines(`
is
are
was
were
be
being
of
that
which
a
an
the
value
values
with
has
have
more
`);

/** Before a comparative they turn it: "not older than". */
export const TURNING = lines(`
not
no
never
`);

/** Before a number that is an age: "aged 20 to 30". */
export const AGED = lines(`
aged
`);

/** Numbers as words. */
export const NUMBER_WORDS = lines(`
one 1
two 2
three 3
four 4
five 5
six 6
seven 7
eight 8
nine 9
ten 10
twelve 12
twenty 20
`);

/** With a number, rows of the greatest or the least of something. */
export const FIRST_OF = lines(`
top
highest
largest
biggest
greatest
longest
heaviest
`);

export const LAST_OF = lines(`
bottom
lowest
smallest
shortest
lightest
`);

/** A row is asked for, not a value. */
export const WHO = lines(`
who
whose
whom
`);

/** The other side of a comparison is every other row. */
export const THE_OTHERS = lines(`
the others
others
the rest
the other ones
all others
everyone else
everybody else
those who did not
those who didnt
those that did not
`);

/** Between "more" and "than": of which rows it is true more often. */
export const OFTEN = lines(`
likely
often
frequently
probable
probably
frequent
`);

/** Rows that are there more than once. */
export const REPEATED = lines(`
repeat
repeats
repeated
repeating
duplicate
duplicates
duplicated
identical
more than once
twice
the same
`);

/** Behind "more than" they count, and compare nothing. */
export const TIMES = lines(`
once
twice
`);

/** With what rows may be called they may stand before a threshold that is all of a question. */
export const BEFORE_A_THRESHOLD = lines(`
who
that
those
all
is
are
aged
the
with
everyone
anyone
`);

/** They begin a comparison of groups. */
export const COMPARING = lines(`
do
does
did
is
are
was
were
have
has
`);

/** Words of columns that say which row it is: shown first. */
export const NAMING = lines(`
name
names
title
label
id
`);
