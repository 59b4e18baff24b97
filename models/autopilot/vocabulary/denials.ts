/** Words that deny what a question about rows names. */

import { lines } from './lines.ts';

export const DENIALS = lines(`
not
never
no
without
neither
nor
except
excluding
besides
apart
other
dont
didnt
doesnt
isnt
arent
wasnt
werent
hasnt
havent
cant
wont
lack
lacks
lacking
`);

/** Comparisons that are made with such a word and deny nothing. */
export const DENYING_COMPARISONS = lines(`
not more than
no more than
not less than
no less than
`);
