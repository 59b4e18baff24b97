"""Another file under a plan: columns by name, whatever the file is written like; what is missing, extra and near."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tempera.tables import fit, read, understand

ROWS = [
    {'Price': f'${place * 100:,}', 'size m': place % 9 + 0.5, 'town': ('north', 'South')[place % 2]}
    for place in range(60)
]
DATA = pd.DataFrame(ROWS)


def trained(tmp_path: Path) -> Path:
    file = tmp_path / 'train.csv'
    DATA.to_csv(file, index=False)
    return file


def german(frame: pd.DataFrame, file: Path) -> None:
    frame.to_csv(file, index=False, sep=';', encoding='utf-16')


def lines(frame: pd.DataFrame, file: Path) -> None:
    file.write_text('\n'.join(json.dumps(row) for row in frame.to_dict('records')))


def workbook(frame: pd.DataFrame, file: Path) -> None:
    frame.to_excel(file, index=False)


@pytest.mark.parametrize(('name', 'write'), [('a.csv', german), ('a.jsonl', lines), ('a.xlsx', workbook)])
def test_the_same_rows_in_another_kind_of_file_have_the_same_values(
    name: str, write: Any, tmp_path: Path
) -> None:
    file = trained(tmp_path)
    plan = understand(file)
    write(DATA[['town', 'Price', 'size m']], tmp_path / name)
    fitted = fit(tmp_path / name, plan)
    assert (fitted.missing, fitted.extra, dict(fitted.respelled)) == ((), (), {})
    pd.testing.assert_frame_equal(read(tmp_path / name, fitted.plan), read(file, plan))


def test_names_that_are_written_otherwise_are_the_same(tmp_path: Path) -> None:
    file = trained(tmp_path)
    plan = understand(file)
    other = DATA.rename(columns={'Price': 'PRICE ', 'size m': 'Size_M'})
    other.to_csv(tmp_path / 'b.csv', index=False)
    fitted = fit(tmp_path / 'b.csv', plan)
    assert fitted.respelled == {'Price': 'PRICE', 'size m': 'Size_M'} and not fitted.missing
    pd.testing.assert_frame_equal(read(tmp_path / 'b.csv', fitted.plan), read(file, plan))


def test_what_is_missing_is_a_gap_and_what_is_near_is_offered(tmp_path: Path) -> None:
    plan = understand(trained(tmp_path))
    DATA.rename(columns={'Price': 'Prices', 'town': 'zone'}).to_csv(tmp_path / 'c.csv', index=False)
    fitted = fit(tmp_path / 'c.csv', plan)
    assert fitted.missing == ('Price', 'town') and fitted.extra == ('Prices', 'zone')
    assert fitted.near == {'Price': ('Prices',)}
    frame = read(tmp_path / 'c.csv', fitted.plan)
    assert list(frame.columns) == ['Price', 'size m', 'town'] and frame['Price'].isna().all()
    assert frame['size m'].tolist() == DATA['size m'].tolist()


def test_a_file_without_names_is_taken_in_order(tmp_path: Path) -> None:
    file = trained(tmp_path)
    plan = understand(file)
    DATA.to_csv(tmp_path / 'd.csv', index=False, header=False)
    fitted = fit(tmp_path / 'd.csv', plan)
    assert fitted.by_position and not fitted.missing
    pd.testing.assert_frame_equal(read(tmp_path / 'd.csv', fitted.plan), read(file, plan))


def test_the_file_itself_fits_its_plan(tmp_path: Path) -> None:
    file = trained(tmp_path)
    plan = understand(file)
    pd.testing.assert_frame_equal(read(file, fit(file, plan).plan), read(file, plan))
