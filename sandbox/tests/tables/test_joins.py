"""Two tables and the key between them: joined where one row belongs to many, and said; asked about otherwise."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from tempera.reports.facts import Share
from tempera.reports.upload import joins_of
from tempera.tables import fit, read

from .awkward import opened

ORDERS = pd.DataFrame({
    'order': range(1, 61), 'customer': [1 + at % 12 for at in range(60)], 'amount': [at * 1.5 for at in range(60)],
})  # fmt: skip
CUSTOMERS = pd.DataFrame({
    'customer': range(1, 13), 'city': [f'city {at % 3}' for at in range(12)], 'age': [30 + at for at in range(12)],
})  # fmt: skip


def zip_of(path: Path, **tables: pd.DataFrame) -> Path:
    with zipfile.ZipFile(path, 'w') as package:
        for name, table in tables.items():
            package.writestr(f'{name}.csv', table.to_csv(index=False))
    return path


def reasons(plan: Any, finding: str) -> list[str]:
    return [one.because for one in plan.file.evidence if one.finding == finding]


def test_each_row_has_the_columns_of_its_key_and_it_is_said_how_many_matched(tmp_path: Path) -> None:
    plan, frame = opened(zip_of(tmp_path / 'shop.zip', orders=ORDERS, customers=CUSTOMERS))
    expected = ORDERS.merge(CUSTOMERS, on='customer', how='left')
    assert plan.names == ('order', 'customer', 'amount', 'city', 'age')
    assert frame['age'].tolist() == expected['age'].tolist()
    assert frame['city'].tolist() == expected['city'].tolist()
    assert reasons(plan, 'join') == [
        '[customers.csv] is joined by [customer], one row of it for each: 60 of 60 rows found theirs; '
        'it adds 2 columns'
    ]
    assert not plan.file.others and plan.file.rows == 60


def test_the_report_says_by_which_key_and_how_many_rows_matched(tmp_path: Path) -> None:
    plan, frame = opened(zip_of(tmp_path / 'shop.zip', orders=ORDERS, customers=CUSTOMERS.head(9)))
    (sentence,) = joins_of(plan.file)
    matched = int(ORDERS['customer'].isin(CUSTOMERS.head(9)['customer']).sum())
    assert sentence.facts['matched'].data == Share(matched, len(ORDERS)).data
    assert sentence.facts['by'].data == ['customer'] and sentence.facts['columns'].data == 2
    assert '`customers.csv` is joined by `customer`' in sentence.markdown and '45 (75' in sentence.markdown
    assert int(frame['age'].notna().sum()) == matched


def test_rows_without_theirs_have_gaps_and_are_counted(tmp_path: Path) -> None:
    plan, frame = opened(zip_of(tmp_path / 'shop.zip', orders=ORDERS, customers=CUSTOMERS.head(9)))
    (join,) = plan.file.joins
    assert (join.key, join.matched, join.keyed) == (('customer',), 45, 60)
    assert (
        int(frame['age'].isna().sum()) == 15
        and '15 find none and have gaps there' in reasons(plan, 'join')[0]
    )


@pytest.mark.parametrize('key', ['Customer', 'CUSTOMER ', 'customer'])
def test_the_key_s_name_may_differ_in_case_and_blanks(key: str, tmp_path: Path) -> None:
    _, frame = opened(
        zip_of(tmp_path / 'shop.zip', orders=ORDERS, customers=CUSTOMERS.rename(columns={'customer': key}))
    )
    assert int(frame['age'].isna().sum()) == 0


def test_an_id_of_the_other_table_is_named_after_it(tmp_path: Path) -> None:
    orders = ORDERS.rename(columns={'order': 'id', 'customer': 'customer_id'})
    plan, frame = opened(
        zip_of(tmp_path / 'shop.zip', orders=orders, customers=CUSTOMERS.rename(columns={'customer': 'id'}))
    )
    assert (plan.file.joins[0].key, plan.file.joins[0].other_key) == (('customer_id',), ('id',))
    assert frame['age'].tolist() == ORDERS.merge(CUSTOMERS, on='customer')['age'].tolist()


def test_a_key_of_two_columns(tmp_path: Path) -> None:
    days = [f'2023-01-{day:02}' for day in range(1, 31)]
    weather = pd.DataFrame([(town, day, len(town) + float(day[-2:])) for town in ('a', 'bb') for day in days])
    weather.columns = ['town', 'day', 'rain']
    rides = pd.DataFrame([(('a', 'bb')[at % 2], days[at % 30], at, at % 24) for at in range(200)])
    rides.columns = ['town', 'day', 'rides', 'hour']
    plan, frame = opened(zip_of(tmp_path / 'rides.zip', rides=rides, weather=weather))
    assert plan.file.joins[0].key == ('town', 'day')
    assert frame['rain'].tolist() == rides.merge(weather, on=['town', 'day'])['rain'].tolist()


def test_a_name_that_both_tables_have_is_said_to_be_the_other_one_s(tmp_path: Path) -> None:
    plan, _ = opened(
        zip_of(tmp_path / 'shop.zip', orders=ORDERS.assign(city='x'), customers=CUSTOMERS.assign(since=2000))
    )
    assert plan.names == ('order', 'customer', 'amount', 'city', 'city (customers)', 'age', 'since')


def test_several_rows_for_a_key_are_asked_about_and_not_joined(tmp_path: Path) -> None:
    visits = pd.DataFrame(
        {'customer': [1 + at % 12 for at in range(30)], 'page': [f'p{at}' for at in range(30)]}
    )
    wide = CUSTOMERS.assign(**{f'answer {at}': range(12) for at in range(20)})
    plan, frame = opened(zip_of(tmp_path / 'shop.zip', customers=wide, visits=visits))
    assert len(frame) == 12 and not plan.file.joins
    assert plan.file.others == {'visits.csv': 'it has several rows for each [customer]'}
    (question,) = plan.file.questions
    assert question.key == 'file.join.visitscsv' and question.choices[0].recommended


def test_what_only_looks_like_a_key_joins_nothing(tmp_path: Path) -> None:
    answers = ORDERS[['order', 'amount']].assign(amount=0)
    others = CUSTOMERS.assign(customer=range(501, 513))
    plan, frame = opened(
        zip_of(tmp_path / 'shop.zip', orders=ORDERS, sample_submission=answers, customers=others)
    )
    assert not plan.file.joins and len(frame) == 60
    assert plan.file.others['customers.csv'] == 'only 0 of 60 rows find their [customer] in it'
    assert 'sample_submission.csv' in plan.file.others


def test_rows_given_for_training_and_testing_are_joined_alike(tmp_path: Path) -> None:
    plan, frame = opened(
        zip_of(tmp_path / 'shop.zip', train=ORDERS.head(40), test=ORDERS.tail(20).drop(columns='amount'),
               customers=CUSTOMERS)
    )  # fmt: skip
    assert {part.role: part.rows for part in plan.file.parts} == {'train': 40, 'test': 20}
    assert int(frame['amount'].isna().sum()) == 20 and int(frame['age'].isna().sum()) == 0


def test_sheets_are_joined_as_files_are(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for title, table in (('Orders', ORDERS), ('Customers', CUSTOMERS)):
        sheet = workbook.create_sheet(title)
        for row in [list(table.columns), *table.to_numpy().tolist()]:
            sheet.append(row)
    del workbook['Sheet']
    stream = io.BytesIO()
    workbook.save(stream)
    (tmp_path / 'shop.xlsx').write_bytes(stream.getvalue())
    plan, frame = opened(tmp_path / 'shop.xlsx')
    assert frame['age'].tolist() == ORDERS.merge(CUSTOMERS, on='customer')['age'].tolist()
    assert not plan.file.parts[0].other_sheets


def test_a_file_of_the_joined_table_s_columns_is_read_without_a_join(tmp_path: Path) -> None:
    plan, frame = opened(zip_of(tmp_path / 'shop.zip', orders=ORDERS, customers=CUSTOMERS))
    flat = tmp_path / 'flat.csv'
    ORDERS.merge(CUSTOMERS, on='customer').to_csv(flat, index=False)
    pd.testing.assert_frame_equal(frame, read(flat, fit(flat, plan).plan))
    alone = tmp_path / 'orders.csv'
    ORDERS.to_csv(alone, index=False)
    assert set(fit(alone, plan).missing) == {'city', 'age'}
