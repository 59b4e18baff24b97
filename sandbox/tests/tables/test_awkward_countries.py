"""Tables as countries write them: each is read to the same numbers, days and names."""

from __future__ import annotations

from pathlib import Path

import pytest

from .awkward import COUNT, ROWS, days, grouped, lines, opened, place_of, prices

MONTHS = 'janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.'.split()
MESES = 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split()
MONTHS_OF_RUSSIA = 'января февраля марта апреля мая июня июля августа сентября октября ноября декабря'.split()
ARABIC = str.maketrans('0123456789', '٠١٢٣٤٥٦٧٨٩')
WIDE = str.maketrans('0123456789', '０１２３４５６７８９')


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
