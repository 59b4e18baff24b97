"""Figures, days, spans and records with what people and programs write beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .awkward import ROWS, days, held, lines, opened, place_of


def flagged(at: int, price: float) -> str:
    return f'{price}{"*" if at % 8 == 0 else "†" if at % 11 == 0 else ""}'


#: name: (how a price is written, whether it is negated in every third row)
FIGURES: dict[str, tuple[Any, bool]] = {
    'marks of footnotes': (flagged, False),
    'flags of a statistics office': (lambda at, price: f'{price} {"p" if at % 5 == 0 else ""}', False),
    'credit and debit': (lambda at, price: f'{price:,.2f} {"CR" if at % 3 else "DR"}', True),
    'brackets': (lambda at, price: f'{price:,.2f}' if at % 3 else f'({price:,.2f})', True),
    'a minus behind': (lambda at, price: f'{price:,.2f}{"" if at % 3 else "-"}', True),
    'the sign of mathematics': (lambda at, price: f'{"" if at % 3 else "−"}{price}', True),
    'limits': (lambda at, price: f'{"<" if at % 6 == 0 else ""}{price}', False),
    'a unit in front of some': (lambda at, price: f'{"~" if at % 4 == 0 else ""}{price} kg', False),
    'the side of the equator': (lambda at, price: f'{price}° {"N" if at % 3 else "S"}', True),
    'the side of Greenwich': (lambda at, price: f'{price}{"E" if at % 3 else "W"}', True),
    'two units': (lambda at, price: f'{price} GB' if at % 3 else f'{price * 1000:.0f} MB', False),
}


@pytest.mark.parametrize('name', FIGURES)
def test_a_figure_with_something_beside_it(name: str, tmp_path: Path) -> None:
    write, negated = FIGURES[name]
    file = tmp_path / 'table.csv'
    file.write_text(
        lines(lambda at, price, day: f'{place_of(at)};{write(at, price)}\n', 'place;figure\n'), 'utf-8'
    )
    plan, frame = opened(file)
    expected = [-price if negated and at % 3 == 0 else price for at, price, _ in ROWS]
    assert plan.column('figure').form.type == 'float' and plan.column('figure').unparsed == 0
    assert held(frame, 'figure') == pytest.approx(expected, rel=1e-3)


#: name: how a day is written
DAYS: dict[str, Any] = {
    'weekday first': lambda at, day: f'{day:%a, %d %b %Y}',
    'ordinals': lambda at, day: f'{day.day}{_ordinal(day.day)} {day:%B %Y}',
    'of a mail': lambda at, day: f'{day:%a, %d %b %Y} 10:{at % 60:02}:00 +0000',
    'of Java': lambda at, day: f'{day:%a %b %d} 10:{at % 60:02}:00 UTC {day.year}',
    'of a log': lambda at, day: f'[{day:%d/%b/%Y}:13:{at % 60:02}:36 +0000]',
    'three ways in turn': lambda at, day: [f'{day}', f'{day:%d.%m.%Y}', f'{day:%b %d, %Y}'][at % 3],
    'all digits': lambda at, day: f'{day:%Y%m%d}',
    'with a time and a half of the day': lambda at, day: (
        f'{day:%m/%d/%Y} {at % 12 + 1}:05 {"a. m." if at % 2 else "p. m."}'
    ),
    'Chinese': lambda at, day: f'{day.year}年{day.month:02}月{day.day:02}日 08:{at % 60:02}',
}


def _ordinal(number: int) -> str:
    return 'th' if 10 < number < 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')


@pytest.mark.parametrize('name', DAYS)
def test_a_day_s_way_to_be_written(name: str, tmp_path: Path) -> None:
    file = tmp_path / 'table.csv'
    file.write_text(lines(lambda at, price, day: f'{at};{DAYS[name](at, day)}\n', 'id;seen\n'), 'utf-8')
    plan, frame = opened(file)
    assert plan.column('seen').kind in ('date', 'datetime')
    assert days(frame, 'seen')


@pytest.mark.parametrize('write', [
    lambda at: f'"{{""size"": {at}, ""kind"": ""k{at % 3}""}}"',
    lambda at: f"\"{{'size': {at}, 'kind': 'k{at % 3}'}}\"",
])  # fmt: skip
def test_records_that_are_written_in_cells_keep_their_fields(write: Any, tmp_path: Path) -> None:
    file = tmp_path / 'table.csv'
    file.write_text(lines(lambda at, price, day: f'{price},{write(at)}\n', 'price,about\n'), 'utf-8')
    plan, frame = opened(file)
    assert plan.column('about').kind == 'record'
    assert held(frame, 'about')[:2] == [{'size': 1, 'kind': 'k1'}, {'size': 2, 'kind': 'k2'}]


@pytest.mark.parametrize(('write', 'seconds'), [
    (lambda at: f'{at % 9}h{at % 60:02}', lambda at: at % 9 * 3600 + at % 60 * 60),
    (lambda at: f'{at % 9} min {at % 60} sec', lambda at: at % 9 * 60 + at % 60),
    (lambda at: f'{at} days {at % 24:02}:00:00', lambda at: at * 86_400 + at % 24 * 3600),
    (lambda at: f'PT{at}M{at % 60}S', lambda at: at * 60 + at % 60),
])  # fmt: skip
def test_a_span_s_way_to_be_written(write: Any, seconds: Any, tmp_path: Path) -> None:
    file = tmp_path / 'table.csv'
    file.write_text(lines(lambda at, price, day: f'{price},{write(at)}\n', 'price,took\n'), 'utf-8')
    plan, frame = opened(file)
    assert plan.column('took').kind == 'duration'
    assert held(frame, 'took') == [float(seconds(at)) for at, _, _ in ROWS]
