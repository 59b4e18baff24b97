"""Texts that are dates and times, each under one of the form's formats.

A format is strptime's, with `%q` for a quarter and `%K` for a half year, which stand for their first day. `formats_of`
names every format that a text could have; where day and month cannot be told apart it names both, and who decides for a
column drops one.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from ..cells.texts import Texts, trimmed
from ..plan import Form
from . import months

_ZONE = r'(?P<zone> ?(?:z|utc|gmt|[+-]\d{2}(?::?\d{2})?)(?: ?\(?(?:utc|gmt)\)?)?)?'
_TIME = (
    r'(?P<between>t| +|, ?| - |:)(?P<hour>\d{1,2})(?P<mark>[:.h])(?P<minute>\d{2})'
    r'(?:(?P<mark2>[:.])(?P<second>\d{2})(?:(?P<point>[.,])(?P<fraction>\d{1,9}))?)?'
    r'(?P<half> ?[ap]\.? ?m\.?)?'
)
#: Forms of a date, each with its format; `a` and `c` are day and month in either order, so that it has two.
_DATES = {
    r'(?P<Y>\d{4})(?P<s1>[-/. ])(?P<m>\d{1,2})(?P<s2>[-/. ])(?P<d>\d{1,2})': ('%Y{s1}%m{s2}%d',),
    r'(?P<a>\d{1,2})(?P<s1>[-/. ])(?P<c>\d{1,2})(?P<s2>[-/. ])(?P<Y>\d{4}|\d{2})': (
        '%d{s1}%m{s2}{year}',
        '%m{s1}%d{s2}{year}',
    ),
    r'(?P<d>\d{1,2})(?P<s1>[-/. ]|\. )?(?P<b>[^\W\d_]{3,}\.?)(?P<s2>[-/., ]|, )?(?P<Y>\d{4}|\d{2})': (
        '%d{s1}%b{s2}{year}',
    ),
    r'(?P<b>[^\W\d_]{3,}\.?)(?P<s1>[-/. ])(?P<d>\d{1,2})(?P<s2>,? ?|[-/])(?P<Y>\d{4})': ('%b{s1}%d{s2}%Y',),
    r'(?P<Y>\d{4})(?P<s1>[-/. ])(?P<b>[^\W\d_]{3,}\.?)(?P<s2>[-/. ])(?P<d>\d{1,2})': ('%Y{s1}%b{s2}%d',),
    r'(?P<Y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?=t|$| \d)': ('%Y%m%d',),
    r'(?P<b>[^\W\d_]{3,}\.?)(?P<s1>[-/., ]|, )?(?P<Y>\d{4}|\d{2})': ('%b{s1}{year}',),
    r'(?P<Y>\d{4})(?P<s1>[-/. ])(?P<b>[^\W\d_]{3,}\.?)': ('%Y{s1}%b',),
    r'(?P<Y>\d{4})(?P<s1>[-/.])(?P<m>\d{1,2})': ('%Y{s1}%m',),
    r'(?P<m>\d{1,2})(?P<s1>[-/.])(?P<Y>\d{4})': ('%m{s1}%Y',),
    r'(?P<Y>\d{4})(?P<s1>[-/ :.]?)q(?P<q>[1-4])': ('%Y{s1}%q',),
    r'q(?P<q>[1-4])(?P<s1>[-/ ]?)(?P<Y>\d{4})': ('%q{s1}%Y',),
    r'(?P<Y>\d{4})(?P<s1>[年년] ?)(?P<m>\d{1,2})(?P<s2>[月월] ?)(?P<d>\d{1,2})(?P<s3>[日일])': (
        '%Y{s1}%m{s2}%d{s3}',
    ),
    r'(?P<Y>\d{4})(?P<s1>\. ?)(?P<m>\d{1,2})(?P<s2>\. ?)(?P<d>\d{1,2})(?P<s3>\.?)': ('%Y{s1}%m{s2}%d{s3}',),
    r"q(?P<q>[1-4])(?P<s1>[-/ ]'?|')(?P<Y>\d{2})": ('%q{s1}%y',),
    r'(?P<q>[1-4])q(?P<s1>[-/ ]?)(?P<Y>\d{4}|\d{2})': ('%qQ{s1}{year}',),
    r'(?P<Y>\d{4})(?P<s1>[-/ :.]?)h(?P<half_year>[12])': ('%Y{s1}%K',),
    r'h(?P<half_year>[12])(?P<s1>[-/ ]?)(?P<Y>\d{4})': ('%K{s1}%Y',),
}
_WHOLE = tuple((re.compile(rf'{date}(?:{_TIME})?{_ZONE}'), formats) for date, formats in _DATES.items())
#: `15:09:38 1 Nov 2016`, the time first
_TIME_FIRST = re.compile(
    r'(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?[ap]\.? ?m\.?)?)(?P<gap>,? )(?P<date>\S.{5,30})'
)
#: `Jan 05 16:55:48 +0000 2019`, the year last
_YEAR_LAST = re.compile(
    r'(?P<b>[^\W\d_]{3,}) (?P<d>\d{1,2}) (?P<time>\d{1,2}:\d{2}(?::\d{2})?)(?P<zone> (?:[+-]\d{4}|utc|gmt))?'
    r' (?P<Y>\d{4})'
)
#: `20200101T123000Z`, all digits
_COMPACT = re.compile(r'(?P<date>\d{8})(?P<t>[t ]?)(?P<time>\d{4}(?:\d{2})?)(?P<zone>z|[+-]\d{2}:?\d{2})?')
#: midnight as the end of its day, `24:00`: in one text, and in many with what stands before and behind it
_DAY_END = re.compile(r'(?<![\d:])24(?=[:.h]00(?:[:.]00(?:[.,]0+)?)?(?![\d:.,]))')
_DAY_ENDS = r'(^|[ Tt])24([:.h]00(?:[:.]00(?:[.,]0+)?)?)($|[ Zz+-])'
_WEEK = re.compile(r'\d{4}(?P<s1>-?)w(?P<w>\d{2})')
_WEEK_FIRST = re.compile(r'w(?P<w>\d{2})(?P<s1>[-/ ])\d{4}')
#: months without a day: `2021年3月`, and `2021M03` as offices of statistics write them
_EAST = re.compile(r'\d{4}年(?P<m>\d{1,2})月')
_MONTH = re.compile(r'\d{4}m(?P<m>\d{1,2})')
_CLOCK = re.compile(
    r'(?P<hour>\d{1,2})(?P<mark>:)(?P<minute>\d{2})(?:(?P<mark2>:)(?P<second>\d{2})'
    r'(?:(?P<point>[.,])(?P<fraction>\d{1,9}))?)?(?P<half> ?[ap]\.? ?m\.?)?'
)
#: `9am`
_HOUR = re.compile(r'(?:1[0-2]|0?[1-9]) ?[ap]\.? ?m\.?')
#: `2021-Q3`, `Q3 '21`, `3Q21` and the halves of years, by where year and part stand
_PARTS_OF_YEARS = (
    (r'^([0-9]{4})[-/ :.]?(q[1-4]|h[12])$', r'\1\2'),
    (r'^(q[1-4]|h[12])[-/ ]?([0-9]{4})$', r'\2\1'),
    (r'^([1-4])q[-/ ]?([0-9]{4})$', r'\2q\1'),
    (r"^(q[1-4])[-/ ]?'?(6[0-8]|[0-5][0-9])$", r'20\2\1'),
    (r"^(q[1-4])[-/ ]?'?([0-9]{2})$", r'19\2\1'),
    (r'^([1-4])q[-/ ]?(6[0-8]|[0-5][0-9])$', r'20\2q\1'),
    (r'^([1-4])q[-/ ]?([0-9]{2})$', r'19\2q\1'),
)
_FIRST_MONTHS = {'q1': '01', 'q2': '04', 'q3': '07', 'q4': '10', 'h1': '01', 'h2': '07'}
_YEARS = range(1000, 2500)


def formats_of(text: str) -> tuple[str, ...]:
    """Every format that could be this text's; none where it is no moment. The text is trimmed."""
    if text[:1] == '[' and text[-1:] == ']':
        return tuple(f'[{name}]' for name in formats_of(text[1:-1]))
    plain = months.without_weekday(re.sub(r'\s+', ' ', text))
    plain = _DAY_END.sub('00', plain)
    odd = _odd_formats(plain)
    if odd:
        return odd
    for pattern, formats in _WHOLE:
        found = pattern.fullmatch(plain)
        if found and _sound(found):
            return tuple(_filled(format_, found) for format_ in formats if _is_possible(format_, found))
    return ()


def _odd_formats(plain: str) -> tuple[str, ...]:
    """Forms in which date and time do not simply follow one another."""
    if found := _TIME_FIRST.fullmatch(plain):
        clock, dates = clock_of(found['time']), formats_of(found['date'])
        return tuple(
            f'{clock}{found["gap"]}{date}' for date in dates if clock and not re.search('%[HI]', date)
        )
    if (found := _YEAR_LAST.fullmatch(plain)) and months.month_of(found['b']) and clock_of(found['time']):
        return (f'%b %d {clock_of(found["time"])}{" %z" if found["zone"] else ""} %Y',)
    if (found := _WEEK.fullmatch(plain)) and 1 <= int(found['w']) <= 53:
        return (f'%G{found["s1"]}W%V',)
    if (found := _WEEK_FIRST.fullmatch(plain)) and 1 <= int(found['w']) <= 53:
        return (f'W%V{found["s1"]}%G',)
    if (found := _EAST.fullmatch(plain)) and 1 <= int(found['m']) <= 12:
        return ('%Y年%m月',)
    if (found := _MONTH.fullmatch(plain)) and 1 <= int(found['m']) <= 12:
        return ('%YM%m',)
    found = _COMPACT.fullmatch(plain)
    if found and formats_of(found['date']) and found['time'][:2] < '24' and found['time'][2:4] < '60':
        second = '%S' if len(found['time']) == 6 else ''
        return (f'%Y%m%d{found["t"].upper()}%H%M{second}{"%z" if found["zone"] else ""}',)
    return ()


def clock_of(text: str) -> str:
    """The format of a time of day, or an empty text."""
    if _HOUR.fullmatch(text.lower()):
        return '%I %p'
    found = _CLOCK.fullmatch(_DAY_END.sub('00', text.lower()))
    if not found or int(found['hour']) > 23 or int(found['minute']) > 59 or int(found['second'] or 0) > 60:
        return ''
    return _time_format(found)


def read(texts: Texts, form: Form) -> tuple[np.ndarray, np.ndarray]:
    """Moments in microseconds of UTC (or of no zone), and which texts are moments."""
    values = np.full(len(texts), np.datetime64('NaT', 'us'))
    left = np.ones(len(texts), dtype=bool)
    plain = pc.replace_substring_regex(trimmed(texts), r'\s+', ' ')
    ends = pc.match_substring_regex(plain, _DAY_ENDS).fill_null(False).to_numpy(zero_copy_only=False)
    if ends.any():
        plain = pc.replace_substring_regex(plain, _DAY_ENDS, r'\100\2\3')
    english = None
    for name in form.formats:
        source = plain
        if any(part in name for part in ('%b', '%q', '%K', '%V')):
            english = months.in_english(plain) if english is None else english
            source = english
        some = np.flatnonzero(left)
        if not len(some):
            break
        found = _under(pc.take(source, some), name, form.zoned)
        known = ~np.isnat(found)
        values[some[known]] = found[known]
        left[some[known]] = False
    # `24:00` is the next day's midnight; a gap stays one
    values[ends] += np.timedelta64(1, 'D')
    return values, ~left


def read_clock(texts: Texts, form: Form) -> tuple[np.ndarray, np.ndarray]:
    """Seconds since midnight, and which texts are times of day."""
    moments, known = read(texts, form)
    midnight = moments.astype('datetime64[D]')
    return np.where(known, (moments - midnight) / np.timedelta64(1, 's'), np.nan), known


def _under(texts: Texts, name: str, zoned: bool) -> np.ndarray:
    """The moments of texts that have this one format; NaT for the others."""
    if name.startswith('['):
        texts = pc.replace_substring_regex(texts, r'^\[(.*)\]$', r'\1')
        name = name[1:-1]
    if '%q' in name or '%K' in name:
        texts, name = _first_months(texts), '%Y-%m'
    if '%V' in name:
        texts, name = pc.binary_join_element_wise(texts, '1', '-'), f'{name}-%u'
    if '%p' in name:
        texts = pc.replace_substring_regex(texts, r'(?i) ?([ap])\.? ?m\.?', r' \1m')
    if name.endswith('%z'):
        texts = _plain_zones(texts)
        if not zoned:
            # days with an offset: the clock on the wall says which
            texts, name = pc.replace_substring_regex(texts, _PLAIN_ZONE, ''), name.removesuffix('%z')
    elif '%z' in name:
        texts = pc.replace_substring_regex(texts, '(?i) (?:utc|gmt) ', ' +0000 ')
    if ',%f' in name:
        texts, name = pc.replace_substring_regex(texts, r',([0-9]+)', r'.\1'), name.replace(',%f', '.%f')
    moments = pd.to_datetime(
        pd.Series(texts.to_pandas()), format=name, errors='coerce', utc=zoned or '%z' in name
    )
    plain = moments.dt.tz_localize(None) if moments.dt.tz is not None else moments
    return np.asarray(plain.to_numpy(dtype='datetime64[us]'))


_PLAIN_ZONE = '(?:Z|[+-][0-9]{4})$'


def _plain_zones(texts: Texts) -> Texts:
    """Zones as `Z` or `+0100`, right behind the time, whether written ` UTC`, `+01`, `GMT+1:00` or `+01:00`."""
    texts = pc.replace_substring_regex(texts, r'(?i) ?\(?(?:utc|gmt|z)\)?$', 'Z')
    texts = pc.replace_substring_regex(
        texts, r'(?i) ?(?:utc|gmt)?([+-][0-9]{2})(?::?([0-9]{2}))?Z?$', r'\1\2'
    )
    return pc.replace_substring_regex(texts, r'([:T][0-9.,]+[+-][0-9]{2})$', r'\100')


def _first_months(texts: Texts) -> Texts:
    """The first month of each quarter or half year, as `2021-04`."""
    plain = pc.utf8_lower(texts)
    for pattern, swapped in _PARTS_OF_YEARS:
        plain = pc.replace_substring_regex(plain, pattern, swapped)
    for part, month in _FIRST_MONTHS.items():
        plain = pc.replace_substring_regex(plain, rf'^([0-9]{{4}}){part}$', rf'\1-{month}')
    return plain


def _sound(found: re.Match[str]) -> bool:
    """Whether the numbers can be a moment at all."""
    groups = found.groupdict()
    if groups.get('b') and not months.month_of(groups['b']):
        return False
    year = groups['Y']
    if len(year) == 4 and int(year) not in _YEARS:
        return False
    if groups.get('s1') and groups.get('s2') is not None and 'a' in groups and groups['s1'] != groups['s2']:
        return False
    if any(int(groups[part]) > most for part, most in _MOST.items() if groups.get(part)):
        return False
    if groups.get('a') and min(int(groups['a']), int(groups['c'])) > 12:
        return False
    return not groups.get('zone') or groups.get('hour') is not None


_MOST = {'m': 12, 'd': 31, 'a': 31, 'c': 31, 'hour': 23, 'minute': 59, 'second': 60}


def _is_possible(format_: str, found: re.Match[str]) -> bool:
    """Where day and month could be either: whether what would be the month is one."""
    if 'a' not in found.groupdict():
        return True
    return int(found['c' if format_.startswith('%d') else 'a']) <= 12


def _filled(format_: str, found: re.Match[str]) -> str:
    """The format with the marks that stand in the text, its year's digits, time and zone."""
    groups = found.groupdict()
    marks = {name: groups.get(name) or '' for name in ('s1', 's2', 's3')}
    date = format_.format(year='%Y' if len(groups['Y']) == 4 else '%y', **marks)
    time = f'{_between(groups["between"])}{_time_format(found)}' if groups.get('hour') is not None else ''
    return f'{date}{time}{"%z" if groups.get("zone") else ""}'


def _between(mark: str) -> str:
    return 'T' if mark == 't' else re.sub(r' +', ' ', mark)


def _time_format(found: re.Match[str]) -> str:
    groups = found.groupdict()
    hour = '%I' if groups['half'] else '%H'
    second = f'{groups["mark2"]}%S' if groups['second'] else ''
    fraction = f'{groups["point"]}%f' if groups['fraction'] else ''
    return f'{hour}{groups["mark"]}%M{second}{fraction}{" %p" if groups["half"] else ""}'
