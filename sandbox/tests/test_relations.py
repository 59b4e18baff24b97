"""What single columns are to the target: judged as the split is, and called what they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tempera.learning.relations import Relations, relations_of
from tempera.learning.source import Source, in_content_order
from tempera.tables import read, understand
from tempera.tables.measured.measure import measure

CASES = Path(__file__).resolve().parents[2] / 'tests' / 'cases'


def relations(name: str, target: str) -> Relations:
    file = CASES / name
    plan = understand(file)
    frame = read(file, plan)
    return relations_of(Source(plan, in_content_order(frame)), measure(plan, frame, target), 5_000)


def test_a_column_does_not_pass_for_telling_because_it_tells_who_a_row_is_of() -> None:
    scores = relations('03-patients-visits.csv', 'outcome').scores
    # the answer is a coin for each patient; row by row the columns would have .14 on the average
    assert np.mean([score for name, score in scores.items() if name != 'patient']) < 0.06
    assert scores['patient'] < 0.1


def test_what_is_known_only_afterwards_need_not_give_the_answer_away() -> None:
    found = relations('16-censored-times.csv', 'months_in_service')
    assert found.leaks == {} and 'known only afterwards' in found.left_out['failed']
    assert set(relations('49-gross-and-net.csv', 'net_price').leaks) == {'gross_price'}


@pytest.mark.parametrize(
    ('name', 'target', 'is_half'),
    [('13-claim-counts.csv', 'claims', True), ('07-parts-of-sum.csv', 'rentals', False)],
)
def test_a_number_that_is_mostly_one_value_is_known_as_such(name: str, target: str, is_half: bool) -> None:
    assert relations(name, target).one_value_in_half is is_half
