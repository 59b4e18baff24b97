"""Texts as programs, offices and countries write them: each is read to the same numbers, days and names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .awkward import COUNT, ROWS, days, grouped, held, opened, place_of, prices

MONTHS = 'janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.'.split()
MESES = 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split()
MONTHS_OF_RUSSIA = 'января февраля марта апреля мая июня июля августа сентября октября ноября декабря'.split()
ARABIC = str.maketrans('0123456789', '٠١٢٣٤٥٦٧٨٩')
WIDE = str.maketrans('0123456789', '０１２３４５６７８９')


def lines(form: Any, head: str, foot: str = '') -> str:
    """A text of a head, a line a row and a foot."""
    return head + ''.join(form(at, price, day) for at, price, day in ROWS) + foot


def indian(price: float) -> str:
    whole, parts = f'{price * 100:.2f}'.split('.')
    rest, groups = whole[:-3], [whole[-3:]]
    while rest:
        rest, groups = rest[:-2], [rest[-2:], *groups]
    return f'{",".join(groups)}.{parts}'


#: name: (text, encoding, column of prices, its kind, column of days or '', encoding that is found or '')
LOCALES: dict[str, tuple[str, str, str, str, str, str]] = {
    'switzerland': (
        lines(lambda at, price, day: f"{at};{grouped(price, chr(39), '.')};{day:%d.%m.%Y}\n", 'Nr;Betrag;Datum\n'),
        'utf-8', 'Betrag', 'number', 'Datum', ''),
    'france': (
        lines(lambda at, price, day: f'{at};{grouped(price, chr(0xA0), ",")} €;{day.day} {MONTHS[day.month - 1]} '
              f'{day.year}\n', 'Numéro;Prix TTC;Réglé le\n'),
        'cp1252', 'Prix TTC', 'money', 'Réglé le', 'cp1252'),
    'narrow blanks': (
        lines(lambda at, price, day: f'{at};{grouped(price, chr(0x202F), ",")};{day:%d/%m/%Y}\n', 'n;prix;jour\n'),
        'utf-8', 'prix', 'number', 'jour', ''),
    'poland': (
        lines(lambda at, price, day: f'{place_of(at, ("śląskie", "łódzkie", "małopolskie"))};'
              f'{grouped(price, " ", ",")};{day:%Y.%m.%d}\n', 'Województwo;Wartość;Dzień\n'),
        'cp1250', 'Wartość', 'number', 'Dzień', 'cp1250'),
    'greece': (
        lines(lambda at, price, day: f'{place_of(at, ("Αθήνα", "Πάτρα", "Βόλος"))};{price:.2f}\n'.replace('.', ','),
              'Πόλη;Τιμή\n'),
        'cp1253', 'Τιμή', 'number', '', 'cp1253'),
    'turkey': (
        lines(lambda at, price, day: f'{place_of(at, ("İstanbul", "Muğla", "Eskişehir"))};'
              f'{grouped(price, ".", ",")} TL\n',
              'Şehir;Fiyat\n'),
        'cp1254', 'Fiyat', 'money', '', 'cp1254'),
    'japan': (
        lines(lambda at, price, day: f'{place_of(at, ("東京", "大阪", "名古屋"))},"{grouped(price, ",", ".")}円",'
              f'{day.year}年{day.month}月{day.day}日\n', '地域,売上,日付\n'),
        'shift_jis', '売上', 'money', '日付', 'cp932'),
    'china': (
        lines(lambda at, price, day: f'{place_of(at, ("北京", "上海", "广州"))},¥{price:.2f},{day.year}/{day.month}/'
              f'{day.day}\n', '城市,销售额,日期\n'),
        'gb18030', '销售额', 'money', '日期', 'gb18030'),
    'korea': (
        lines(lambda at, price, day: f'{place_of(at, ("서울", "부산", "대구"))},"{grouped(price, ",", ".")}",'
              f'{day.year}. {day.month}. {day.day}.\n', '지역,매출,날짜\n'),
        'cp949', '매출', 'number', '날짜', 'euc_kr'),
    'spain': (
        lines(lambda at, price, day: f'{at};{day.day} de {MESES[day.month - 1]} de {day.year};'
              f'{grouped(price, ".", ",")} €\n',
              'id;fecha;importe\n'),
        'utf-8', 'importe', 'money', 'fecha', ''),
    'russia': (
        lines(lambda at, price, day: f'{day.day} {MONTHS_OF_RUSSIA[day.month - 1]} {day.year} г.;'
              f'{grouped(price, " ", ",")} руб.\n', 'дата;сумма\n'),
        'utf-8', 'сумма', 'money', 'дата', ''),
    'russia under DOS': (
        lines(lambda at, price, day: f'{place_of(at, ("Москва", "Казань", "Пермь"))};{price}\n', 'город;сумма\n'),
        'cp866', 'сумма', 'number', '', 'cp866'),
    'israel': (
        lines(lambda at, price, day: f'{place_of(at, ("תל אביב", "חיפה", "ירושלים"))},{price}\n', 'עיר,סכום\n'),
        'cp1255', 'סכום', 'number', '', 'cp1255'),
    'egypt': (
        lines(lambda at, price, day: f'{place_of(at, ("القاهرة", "دبي", "الرياض"))},{price}\n', 'المدينة,المبلغ\n'),
        'cp1256', 'المبلغ', 'number', '', 'cp1256'),
    'thailand': (
        lines(lambda at, price, day: f'{day:%d/%m/%Y},฿{price}\n', 'วันที่,จำนวน\n'),
        'cp874', 'จำนวน', 'money', 'วันที่', 'cp874'),
    'czechia': (
        lines(lambda at, price, day: f'{day.day}.{day.month}.{day.year};{grouped(price, " ", ",")} Kč\n',
              'Datum;Částka\n'),
        'cp1250', 'Částka', 'money', 'Datum', 'cp1250'),
    'brazil': (
        lines(lambda at, price, day: f'{day:%d/%m/%Y};R$ {grouped(price, ".", ",")}\n', 'Data;Valor\n'),
        'cp1252', 'Valor', 'money', 'Data', ''),
    'vietnam': (
        lines(lambda at, price, day: f'{day:%d/%m/%Y},"{grouped(price, ",", ".")} ₫"\n', 'Ngày,Số tiền\n'),
        'utf-8', 'Số tiền', 'money', 'Ngày', ''),
    'old macintosh': (
        lines(lambda at, price, day: f'{place_of(at, ("Orléans", "Nîmes", "Béziers"))}\t{price}\r', 'ville\tprix\r'),
        'mac_roman', 'prix', 'number', '', 'mac_roman'),
    'a spreadsheet in unicode': (
        lines(lambda at, price, day: f'{place_of(at, ("Köln", "Nürnberg", "Ulm"))}\t{grouped(price, ".", ",")}\r\n',
              '\ufeffStadt\tPreis\r\n'),
        'utf-16-be', 'Preis', 'number', '', 'utf-16-be'),
    'digits of Arabic': (
        lines(lambda at, price, day: f'{at},{str(price).translate(ARABIC).replace(".", "٫")}\n', 'id,amount\n'),
        'utf-8', 'amount', 'number', '', ''),
    'wide digits': (
        lines(lambda at, price, day: f'{at},{str(price).translate(WIDE)}\n', 'id,amount\n'),
        'utf-8', 'amount', 'number', '', ''),
    'a minus behind': (
        lines(lambda at, price, day: f'00{4_000_000 + at};{grouped(price, ".", ",")};{day:%d.%m.%Y}\n',
              'Beleg;Betrag;Datum\n'),
        'utf-8', 'Betrag', 'number', 'Datum', ''),
}  # fmt: skip


@pytest.mark.parametrize('name', LOCALES)
def test_a_country_s_way_to_write(name: str, tmp_path: Path) -> None:
    text, encoding, price, kind, day, found = LOCALES[name]
    file = tmp_path / 'table.csv'
    file.write_bytes(text.encode(encoding))
    plan, frame = opened(file)
    assert (len(frame), plan.column(price).kind) == (COUNT, kind)
    assert prices(frame, price)
    assert not day or (plan.column(day).kind == 'date' and days(frame, day))
    assert not found or plan.file.encoding == found
    assert not [question.key for column in plan.columns for question in column.questions]


def test_indian_groups_are_thousands(tmp_path: Path) -> None:
    file = tmp_path / 'table.csv'
    file.write_text(lines(lambda at, price, day: f'{at},"₹ {indian(price)}"\n', 'S.No.,Amount\n'), 'utf-8')
    _, frame = opened(file)
    assert [round(value) for value in frame['Amount']] == [round(price * 100) for _, price, _ in ROWS]


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
