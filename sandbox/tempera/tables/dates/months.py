"""Names of months and weekdays in the languages that tables are often written in, as English writes them short."""

from __future__ import annotations

import re

import pyarrow.compute as pc

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
WEEKDAY = '|'.join(sorted(WEEKDAYS, key=len, reverse=True))


def month_of(word: str) -> str:
    """`mar` for `März`; empty for a word that is no month."""
    return MONTHS.get(word.lower().rstrip('.'), '')


def in_english(texts: Texts) -> Texts:
    """Month names as `Mar`, weekdays and `of`, `th` gone: what `%b` of any machine reads. Marks stay as they are."""
    short = pc.replace_substring_regex(pc.utf8_lower(texts), r'([0-9]) ?г\.$', r'\1')
    short = pc.replace_substring_regex(short, rf'^(?:{WEEKDAY})[.,]*\s+', '')
    short = pc.replace_substring_regex(short, r'([0-9])(?:st|nd|rd|th)\b', r'\1')
    short = pc.replace_substring_regex(short, r'\s+(?:of|de)\s+', ' ')
    for month in dict.fromkeys(MONTHS.values()):
        names = '|'.join(
            sorted((re.escape(name) for name, to in MONTHS.items() if to == month), key=len, reverse=True)
        )
        short = pc.replace_substring_regex(short, rf'(^|[^\pL])(?:{names})\.?($|[^\pL])', rf'\1{month}\2')
    return short
