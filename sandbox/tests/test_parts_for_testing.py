"""Rows that an archive has apart for testing judge the model, where they have answers to judge by."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tempera.learning.dealing import deal_rows, in_splits
from tempera.learning.prepare import Learning
from tempera.learning.source import Source, judging_part, planned_table, understand_table
from tempera.tables.measured.measure import measure

Write = Callable[..., Source]


def rows(seed: int, count: int) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    size = generator.normal(size=count).round(3)
    kind = np.where(size + generator.normal(size=count) / 2 > 0, 'yes', 'no')
    return pd.DataFrame({'size': size, 'height': generator.normal(size=count).round(3), 'kind': kind})


@pytest.fixture
def understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes the tables as an archive, and reads that as a session does."""
    monkeypatch.setenv('TEMPERA_WORKSPACE', str(tmp_path / 'session'))
    monkeypatch.setenv('TEMPERA_DATASET', str(tmp_path))

    def write(**tables: pd.DataFrame) -> Source:
        with zipfile.ZipFile(tmp_path / 'both.zip', 'w') as archive:
            for name, table in tables.items():
                archive.writestr(f'{name}.csv', table.to_csv(index=False))
        understand_table('both.zip')
        return planned_table()

    return write


def split_of(source: Source, strategy: str) -> pd.Series:
    """The split of each row by its position in the archive."""
    measured = measure(source.plan, source.frame, 'kind')
    table = source.frame[source.frame['kind'].notna()]
    requested = {'strategy': strategy, 'by': None}
    learning = Learning(measured.target, ['size', 'height'], 1)
    dealt = deal_rows(source, measured, table, learning, requested)
    assert all(len(part) for part in in_splits(source, measured, table, dealt).values())
    return dealt.place.sort_index()


def test_rows_given_for_testing_are_the_test_and_no_others(understood: Write) -> None:
    source = understood(train=rows(1, 200), test=rows(2, 60))
    assert judging_part(source, 'kind') == 'test.csv'
    place = split_of(source, 'file')
    for_testing = place.index.isin(list(source.test_rows))
    assert (place[for_testing] == 'test').all() and for_testing.sum() == 60
    assert set(place[~for_testing]) == {'train', 'val'}
    frame = source.frame.loc[place.index[for_testing], ['size', 'height']].reset_index(drop=True)
    pd.testing.assert_frame_equal(frame.astype(float), rows(2, 60)[['size', 'height']], check_names=False)


def test_a_person_may_have_them_dealt_with_the_others(understood: Write) -> None:
    source = understood(train=rows(1, 200), test=rows(2, 60))
    place = split_of(source, 'stratified')
    assert set(place[place.index.isin(list(source.test_rows))]) == {'train', 'val', 'test'}


def test_without_answers_they_judge_nothing(understood: Write) -> None:
    source = understood(train=rows(1, 200), test=rows(2, 60).drop(columns='kind'))
    assert source.test_part == 'test.csv' and judging_part(source, 'kind') == ''


def test_parts_whose_names_say_nothing_are_one_table(understood: Write) -> None:
    source = understood(january=rows(1, 100), february=rows(2, 100))
    assert (source.test_rows, source.test_part) == (frozenset(), '')
