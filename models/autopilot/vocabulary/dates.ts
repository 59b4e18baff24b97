/** How dates are written and spoken of. */

import { lines } from './lines.ts';

/** What stands first in a date. */
export const DAY_FIRST = lines(`
day first
days first
day comes first
days come first
day is first
day before month
day then month
day month
day month year
dd mm
dd mm yyyy
dd mm yy
dd/mm
dd/mm/yyyy
dd/mm/yy
dd.mm
dd.mm.yyyy
dd.mm.yy
dd-mm
dd-mm-yyyy
d/m
d/m/y
d/m/yyyy
european
european style
european format
british
`);

/** The same with the month. */
export const MONTH_FIRST = lines(`
month first
months first
month comes first
months come first
month is first
month before day
month then day
month day
month day year
mm dd
mm dd yyyy
mm dd yy
mm/dd
mm/dd/yyyy
mm/dd/yy
mm.dd
mm.dd.yyyy
mm-dd
mm-dd-yyyy
m/d
m/d/y
m/d/yyyy
american
american style
american format
us style
us format
us dates
`);

/** The months, each with its number. */
export const MONTHS = lines(`
january 1
february 2
march 3
april 4
may 5
june 6
july 7
august 8
september 9
october 10
november 11
december 12
jan 1
feb 2
mar 3
apr 4
jun 6
jul 7
aug 8
sep 9
sept 9
oct 10
nov 11
dec 12
`);
