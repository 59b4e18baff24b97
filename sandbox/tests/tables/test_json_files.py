"""Documents and lines of JSON: read as one table by its plan, its values as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from .written_files import ROWS, opened, rows_of, written


@pytest.mark.parametrize(
    ('name', 'document'),
    [
        ('list of records', ROWS),
        ('records under a key', {'meta': {'count': 60}, 'data': {'items': ROWS}}),
        ('columns', {name: [row[name] for row in ROWS] for name in ROWS[0]}),
        (
            'columns by row',
            {name: {str(place): row[name] for place, row in enumerate(ROWS)} for name in ROWS[0]},
        ),
        (
            'split',
            {
                'columns': list(ROWS[0]),
                'index': list(range(60)),
                'data': [list(row.values()) for row in ROWS],
            },
        ),
        ('list of lists', [list(ROWS[0]), *(list(row.values()) for row in ROWS)]),
    ],
)
def test_records_are_found_wherever_they_stand_in_a_document(
    name: str, document: Any, tmp_path: Path
) -> None:
    plan, frame = opened(written(tmp_path / 'table.json', json.dumps(document)))
    assert plan.file.kind == 'json', name
    assert rows_of(frame) == ROWS
    assert list(frame.index) == list(range(60))


def test_a_record_for_each_key_keeps_the_key(tmp_path: Path) -> None:
    document = {f'K{place}': row for place, row in enumerate(ROWS)}
    plan, frame = opened(written(tmp_path / 'table.json', json.dumps(document)))
    assert plan.names == ('key', 'size', 'price', 'town') and frame['key'].iloc[3] == 'K3'


def test_one_object_is_one_row(tmp_path: Path) -> None:
    _, frame = opened(written(tmp_path / 'row.json', json.dumps(ROWS[1])))
    assert rows_of(frame) == [ROWS[1]]


def test_lines_of_records_with_a_broken_one(tmp_path: Path) -> None:
    lines = [json.dumps(row) for row in ROWS]
    lines[10:10] = ['{"size": 3, "pri', '']
    plan, frame = opened(written(tmp_path / 'table.jsonl', '\n'.join(lines)))
    assert (plan.file.kind, plan.file.rows, plan.file.rows_used) == ('jsonl', 61, 60)
    assert plan.file.parts[0].left_out[0].lines == (11,)
    assert rows_of(frame) == ROWS and list(frame.index[:12]) == [*range(10), 11, 12]


def test_fields_that_records_lack_are_gaps_and_integers_stay_exact(tmp_path: Path) -> None:
    rows = [
        {'id': 9007199254740993 + place, **({'extra': place} if place % 2 else {})} for place in range(30)
    ]
    _, frame = opened(written(tmp_path / 'table.json', json.dumps(rows)))
    assert frame['id'].iloc[0] == 9007199254740993 and frame['id'].nunique() == 30
    assert frame['extra'].isna().sum() == 15


def test_json_values_mean_what_they_are_under_any_form(tmp_path: Path) -> None:
    rows = [
        {'a': 6.2 + place, 'b': place % 2 == 0, 'c': None if place == 4 else f'{place},5'}
        for place in range(30)
    ]
    _, frame = opened(written(tmp_path / 'table.json', json.dumps(rows)))
    assert frame['a'].iloc[0] == 6.2 and frame['b'].dtype == 'boolean'
    assert frame['c'].iloc[1] == 1.5 and np.isnan(frame['c'].iloc[4])
