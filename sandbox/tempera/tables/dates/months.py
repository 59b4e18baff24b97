"""Names of months and weekdays in the languages that tables are often written in, as English writes them short."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyarrow as pa

from ..cells.texts import Texts

_MONTHS: tuple[tuple[str, str], ...] = (
    ('jan', 'january januar jänner janvier janv enero ene gennaio gen janeiro januari январь января янв stycznia sty'),
    ('feb', 'february februar feber février fevrier févr fevr fév febrero febbraio fevereiro fev februari февраль '
            'февраля фев lutego lut'),
    ('mar', 'march märz marz mrz mär mars marzo março marco maart mrt март марта мар marca'),
    ('apr', 'april avril avr abril abr aprile апрель апреля апр kwietnia kwi'),
    ('may', 'mai mayo maggio mag maio mei май мая maja maj'),
    ('jun', 'june juni juin junio giugno giu junho июнь июня июн czerwca cze'),
    ('jul', 'july juli juillet juil julio luglio lug julho июль июля июл lipca lip'),
    ('aug', 'august août aout agosto ago agosto augustus август августа авг sierpnia sie'),
    ('sep', 'september sept septembre septiembre settembre setembro set сентябрь сентября сен сент września wrz'),
    ('oct', 'october oktober okt octobre octubre ottobre ott outubro out октябрь октября окт października paź'),
    ('nov', 'november novembre noviembre novembro ноябрь ноября ноя listopada lis'),
    ('dec', 'december dezember dez décembre decembre déc diciembre dic dicembre dezembro декабрь декабря дек '
            'grudnia gru'),
)  # fmt: skip
MONTHS: dict[str, str] = {name: short for short, names in _MONTHS for name in (short, *names.split())}
WEEKDAYS = frozenset(
    'mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday '
    'mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonntag '
    'lun mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche'.split()
)


def _any_of(words: Iterable[str]) -> str:
    return '|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))


#: only what says which year it is
_YEAR_BEHIND = re.compile(r'(?<=[0-9]) ?г\.$')
_WEEKDAY_FIRST = re.compile(rf'^(?:{_any_of(WEEKDAYS)})[.,]*\s+')
_ORDINAL = re.compile(r'([0-9])(?:st|nd|rd|th)\b')
_OF = re.compile(r'\s+(?:of|de)\s+')
_LETTER = r'[^\W\d_]'
_MONTH = re.compile(rf'(?<!{_LETTER})({_any_of(MONTHS)})\.?(?!{_LETTER})')
#: letters of times and zones, which no date is read by
_OF_CLOCKS = frozenset('tzqwampm')
_CHUNK = 1 << 16


def month_of(word: str) -> str:
    """`mar` for `März`; empty for a word that is no month."""
    return MONTHS.get(word.lower().rstrip('.'), '')


def without_weekday(text: str) -> str:
    """In small letters, and without what stands around a date in a sentence: weekdays, `of`, `th`, `г.`."""
    lower = _YEAR_BEHIND.sub('', text.lower())
    if not any(letter.isalpha() and letter not in _OF_CLOCKS for letter in lower):
        return lower
    return _OF.sub(' ', _ORDINAL.sub(r'\1', _WEEKDAY_FIRST.sub('', lower)))


def in_english(texts: Texts) -> Texts:
    """The same with months as `mar`: what `%b` of any machine reads. Marks stay as they are."""
    # Arrow would make a regular expression for each month at each call, which takes a single row many milliseconds.
    chunks = [texts.slice(start, _CHUNK).to_pylist() for start in range(0, len(texts), _CHUNK)]
    written = [pa.array([_short_months(text) for text in chunk], pa.string()) for chunk in chunks]
    return pa.concat_arrays(written) if written else texts


def _short_months(text: str | None) -> str | None:
    return text and _MONTH.sub(lambda found: MONTHS[found[1]], without_weekday(text))
