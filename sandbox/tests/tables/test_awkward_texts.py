"""Texts as programs and offices print them: every line that is no row is told, and the rows are the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .awkward import COUNT, ROWS, held, lines, opened, place_of, prices


def row(at: int, price: float, day: Any) -> str:
    return f'{at},{place_of(at)},{price}\n'


WORLD_BANK = '"Data Source","World Development Indicators",\n\n"Last Updated Date","2023-05-10",\n\n'
#: name: (text, the column's names, what is left out by reason)
PRINTED: dict[str, tuple[str, tuple[str, ...], dict[str, int]]] = {
    'psql': (
        lines(lambda at, price, day: f' {at:2} | {place_of(at):8} | {price:8} \n',
              ' id |  place   |  price   \n----+----------+----------\n', f'({COUNT} rows)\n\n'),
        ('id', 'place', 'price'), {'separator': 1, 'footnote': 1, 'blank': 1}),
    'mysql': (
        lines(lambda at, price, day: f'| {at:2} | {place_of(at):5} | {price:8} |\n',
              '+----+-------+----------+\n| id | place | price    |\n+----+-------+----------+\n',
              f'+----+-------+----------+\n{COUNT} rows in set (0.00 sec)\n'),
        ('id', 'place', 'price'), {'separator': 3, 'footnote': 1}),
    'markdown': (
        lines(lambda at, price, day: f'| {at} | {place_of(at)} | {price} |\n',
              '| id | place | price |\n|---:|:------|------:|\n'),
        ('id', 'place', 'price'), {'separator': 1}),
    'lined up': (
        lines(lambda at, price, day: f'{at:<5} {place_of(at):8} {price:10.2f}\n',
              'id    place    price\n===== ======== ==========\n'),
        ('id', 'place', 'price'), {'separator': 1}),
    'a web analysis': (
        lines(row, '# ------------\n# All Web Site Data\n# 20230101-20230301\n# ------------\n\nid,place,price\n',
              f',,{sum(price for _, price, _ in ROWS):.2f}\n'),
        ('id', 'place', 'price'), {'comment': 4, 'blank': 1, 'total': 1}),
    'the spreadsheet says its delimiter': (
        lines(lambda at, price, day: row(at, price, day).replace(',', ';'), 'sep=;\nid;place;price\n'),
        ('id', 'place', 'price'), {'title': 1}),
    'years as names beside words': (
        lines(lambda at, price, day: f'"Country {at}","C{at:02}","{place_of(at)}","{price}","{price * 2}"\n',
              WORLD_BANK + '"Country Name","Country Code","Area","2019","2020"\n'),
        ('Country Name', 'Country Code', 'Area', '2019', '2020'), {'title': 2, 'blank': 2}),
    'an account': (
        lines(lambda at, price, day: f'"{day:%d.%m.%Y}";"{place_of(at)}";"{price:.2f}"\n'.replace('.', ','),
              '"Konto:";"DE00 1234";\n\n"Von:";"01.01.2023";\n"Stand:";"1.234,56 EUR";\n\n"Tag";"Wo";"Betrag"\n'),
        ('Tag', 'Wo', 'Betrag'), {'title': 3, 'blank': 2}),
    'pages': (
        lines(row, 'Report\nPage 1 of 2\nid,place,price\n').replace(
            '\n30,', '\nReport,,\nPage 2 of 2,,\nid,place,price\n30,'),
        ('id', 'place', 'price'), {'title': 4, 'repeated_header': 1}),
    'one behind the other': (
        lines(row, '\ufeffid,place,price\n').replace('\n30,', '\n\ufeffid,place,price\n30,'),
        ('id', 'place', 'price'), {'repeated_header': 1}),
    'notes under it': (
        lines(row, 'id,place,price\n', '"* provisional",,\n"Source: the office",,\n'),
        ('id', 'place', 'price'), {'footnote': 2}),
    'units under the names': (
        lines(lambda at, price, day: f'{place_of(at)},{price},{at * 1.5}\n', 'place,mass,length\n,(g),(cm)\n'),
        ('place', 'mass', 'length'), {'units': 1}),
    'texts written as formulas': (
        lines(lambda at, price, day: f'="00{at}",="{place_of(at)}",{price}\n', '="id",="place",price\n'),
        ('id', 'place', 'price'), {}),
    'a name over two lines': (
        lines(lambda at, price, day: f'{at},{price},{place_of(at)}\n', '"id","price\nin euros","place"\n'),
        ('id', 'price\nin euros', 'place'), {}),
    'quotes behind a backslash': (
        lines(lambda at, price, day: f'{at},"he said \\"{place_of(at)}\\", then, left",{price}\n', 'id,said,price\n'),
        ('id', 'said', 'price'), {}),
    'a name behind a hash': (
        lines(row, '#id,place,price\n'), ('#id', 'place', 'price'), {}),
}  # fmt: skip


@pytest.mark.parametrize('name', PRINTED)
def test_a_program_s_way_to_print(name: str, tmp_path: Path) -> None:
    text, names, left_out = PRINTED[name]
    file = tmp_path / 'table.csv'
    file.write_text(text, 'utf-8')
    plan, frame = opened(file)
    assert (plan.names, len(frame), plan.file.left_out) == (names, COUNT, left_out)


def test_cells_of_columns_that_are_lined_up_may_hold_single_blanks(tmp_path: Path) -> None:
    file = tmp_path / 'table.txt'
    head = f'{"Item name":<20}{"Quantity":>10}{"Price":>12}\n'
    file.write_text(
        lines(lambda at, price, day: f'{f"Large box {at}":<20}{at:>10}{price:>12.2f}\n', head), 'utf-8'
    )
    plan, frame = opened(file)
    assert plan.names == ('Item name', 'Quantity', 'Price')
    assert held(frame, 'Item name')[0] == 'Large box 1' and prices(frame, 'Price')


def test_subtotals_that_are_named_after_their_group_are_no_rows(tmp_path: Path) -> None:
    text = 'region,city,sales\n'
    for group in ('east', 'north', 'west'):
        amounts = [at * 1.5 + len(group) for at in range(12)]
        text += ''.join(f'{group},{group} {at},{amount}\n' for at, amount in enumerate(amounts))
        text += f'{group} Total,,{sum(amounts)}\n'
    file = tmp_path / 'table.csv'
    file.write_text(text + 'Grand Total,,999.5\n', 'utf-8')
    plan, frame = opened(file)
    assert (len(frame), plan.file.left_out) == (36, {'total': 4})


def test_a_total_above_the_rows_is_no_row(tmp_path: Path) -> None:
    total = sum(price for _, price, _ in ROWS)
    file = tmp_path / 'table.csv'
    file.write_text(
        lines(lambda at, price, day: f'town {at},{price}\n', f'town,price\nTotal,{total:.2f}\n'), 'utf-8'
    )
    plan, frame = opened(file)
    assert (len(frame), plan.file.left_out) == (COUNT, {'total': 1}) and prices(frame, 'price')
