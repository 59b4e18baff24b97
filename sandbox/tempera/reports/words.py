"""Numbers, names and reasons as a sentence takes them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

#: characters of a cell's value in a sentence
SHOWN = 40


def number_text(value: float | None) -> str:
    """A number for prose: thousands separated, four significant digits; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return '–'
    if float(value).is_integer() and abs(value) < 1e12:
        return f'{int(value):,}'
    return f'{value:,.1f}' if abs(value) >= 1000 else f'{value:.4g}'


def percent_text(share: float, digits: int = 1) -> str:
    """`3.2 %`; what is not none or all is never rounded to it."""
    least, text = 10.0**-digits, f'{100 * share:.{digits}f}'
    if 0 < share and float(text) == 0:
        return f'less than {least:.{digits}f} %'
    if share < 1 and float(text) == 100:
        return f'more than {100 - least:.{digits}f} %'
    return f'{text} %'


def share_text(part: int, whole: int) -> str:
    """`11 (3.2 %)`."""
    return f'{part:,} ({percent_text(part / max(whole, 1))})'


def counted(number: int, what: str) -> str:
    """`1 row`, `1,234 rows`."""
    return f'{number:,} {what}' + ('' if number == 1 else 's')


def score_text(value: float, digits: int = 3) -> str:
    """A score: so many decimals, and one fewer for each digit more before the point, so that scores beside each other
    are equally exact; never minus nothing, and 1 only where it is 1: what is not perfect is not rounded to it."""
    if not math.isfinite(value):
        return '–'
    if abs(value) >= 10:
        return f'{value:,.{max(1, digits - int(math.log10(abs(value))))}f}'
    if value < 1 <= round(value, digits):
        return f'{1 - 10.0**-digits:.{digits}f}'
    return f'{round(value, digits) + 0:.{digits}f}'


def as_clause(reason: str) -> str:
    """A reason that goes on a sentence: without its full stop and its capital, unless the first word is a name."""
    reason = reason.strip().rstrip('.')
    first = reason.split(' ', 1)[0]
    return reason if first[:1] == '`' or first[1:] != first[1:].lower() else reason[:1].lower() + reason[1:]


def cut(value: object, most: int = SHOWN) -> str:
    """A text on one line and of at most `most` characters."""
    text = re.sub(r'\s+', ' ', str(value)).strip()
    return text if len(text) <= most else text[: most - 1] + '…'


def code_text(value: object, most: int = 120) -> str:
    """A name or a cell's value as Markdown shows code: nothing in it is a mark, it ends no table's cell."""
    text = cut(value, most).replace('|', '\\|')
    fence = '`' * (1 + max((len(run) for run in re.findall('`+', text)), default=0))
    blank = ' ' if text[:1] == '`' or text[-1:] == '`' or text == '' else ''
    return f'{fence}{blank}{text}{blank}{fence}'


def cell_text(value: object, most: int = 240) -> str:
    """Text that cannot break a Markdown table or run as HTML; cut to `most` characters before it is escaped."""
    return cut(value, most).replace('|', '\\|').replace('<', '&lt;')


def listed(names: Sequence[object], most: int = 6) -> str:
    """`a`, `b` and 3 more."""
    shown = [code_text(name) for name in names]
    if len(shown) > most:
        return ', '.join(shown[:most]) + f' and {len(shown) - most} more'
    return ' and '.join([', '.join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
