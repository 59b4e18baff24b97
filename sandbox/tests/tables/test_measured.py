"""What is decided about the awkward tables: target, leaks, groups, time and the split that follows, read from the
findings and never from their sentences."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tempera.tables import TablePlan, read, understand
from tempera.tables.measured.findings import Measured
from tempera.tables.measured.measure import measure
from tempera.tables.measured.targets import rank_targets

CASES = Path(__file__).resolve().parents[3] / 'tests' / 'cases'


@cache
def known(name: str) -> tuple[TablePlan, pd.DataFrame]:
    (path,) = [
        one
        for one in CASES.iterdir()
        if (one.name.startswith(name) and one.suffix != '.json') or one.name == name
    ]
    plan = understand(path)
    return plan, read(path, plan)


@cache
def measured(name: str, target: str) -> Measured:
    return measure(*known(name), target)


TARGETS = [
    ('01-', 'disorder'),
    ('02-', 'load_kw'),
    ('03-', 'outcome'),
    ('04-', 'label'),
    ('07-', 'rentals'),
    ('08-', 'Preis'),
    ('11-', 'revenue'),
    ('13-', 'claims'),
    ('14-', 'rides'),
    ('15-', 'churned'),
    ('17-', 'defaulted'),
    ('21-', 'sold'),
    ('22-', 'rent'),
    ('27-', 'fraud'),
    ('28-', 'diagnosis'),
    ('31-', 'label'),
    ('56-', 'outcome'),
    ('57-', 'won'),
]


@pytest.mark.parametrize(('name', 'target'), TARGETS)
def test_the_target_is_the_first_that_is_suggested(name: str, target: str) -> None:
    ranked = rank_targets(*known(name))
    assert ranked[0].name == target and ranked[0].because
    assert len(ranked) >= min(
        3, sum(column.kind not in ('identifier', 'constant') for column in known(name)[0].columns)
    )


MEANINGS = [
    ('01-', 'disorder', 'multiclass', 'classes'),
    ('13-', 'claims', 'regression', 'count'),
    ('14-', 'rides', 'regression', 'count'),
    ('15-', 'churned', 'binary', 'binary'),
    ('16-', 'months_in_service', 'regression', 'censored'),
    ('17-', 'defaulted', 'binary', 'binary'),
    ('24-', 'tags', 'binary', 'several_labels'),
    ('46-', 'renewed', 'binary', 'binary'),
    ('56-', 'outcome', 'binary', 'binary'),
]


@pytest.mark.parametrize(('name', 'target', 'problem', 'meaning'), MEANINGS)
def test_a_target_is_understood_by_its_meaning(name: str, target: str, problem: str, meaning: str) -> None:
    found = measured(name, target).target
    assert (found.problem, found.meaning) == (problem, meaning)


def test_labels_are_one_in_all_spellings_and_rare_ones_are_named() -> None:
    assert set(measured('15-', 'churned').target.labels) == {'no', 'yes'}
    assert set(measured('17-', 'defaulted').target.labels) == {'0', '1'}
    assert measured('01-', 'disorder').target.labels['None'] == 465
    assert measured('56-', 'outcome').target.too_rare == {'2': 1}
    assert any('4 of 8,000' in warning for warning in measured('27-', 'fraud').target.warnings)


def test_what_cannot_be_settled_is_asked_with_consequences() -> None:
    assert measured('16-', 'months_in_service').target.event == 'failed'
    for name, target in (('16-', 'months_in_service'), ('24-', 'tags'), ('22-', 'rent')):
        (question,) = measured(name, target).questions
        assert len(question.choices) >= 2 and all(choice.consequence for choice in question.choices)
        assert [choice.recommended for choice in question.choices].index(True) == 0


SPLITS = [
    ('02-', 'load_kw', 'forward', ('measured_at',), ''),
    ('03-', 'outcome', 'grouped', (), 'patient'),
    ('14-', 'rides', 'forward', ('requested_at',), ''),
    ('20-', 'temp', 'forward', ('at',), ''),
    ('21-', 'sold', 'forward', ('date',), ''),
    ('22-', 'rent', 'grouped', (), 'account'),
    ('26-', 'flow', 'forward', ('timestamp',), ''),
    ('30-', 'sold', 'forward', ('day',), ''),
    ('34-', 'index_value', 'forward', ('year', 'month'), ''),
    ('43-', 'kwh', 'forward', ('read_at',), ''),
    ('44-', 'y', 'forward', None, ''),
    ('58-', 'output', 'forward', ('date',), ''),
    ('04-', 'label', 'stratified', (), ''),
    ('08-', 'Preis', 'random', (), ''),
    ('31-', 'label', 'stratified', (), ''),
]


@pytest.mark.parametrize(('name', 'target', 'strategy', 'by', 'group'), SPLITS)
def test_rows_are_dealt_as_they_belong(name: str, target: str, strategy: str, by: object, group: str) -> None:
    plan, _ = known(name)
    if target not in plan.names:
        target = rank_targets(*known(name))[0].name
    split = measured(name, target).split
    assert (split.strategy, split.group) == (strategy, group)
    assert by is None or split.by == by
    assert split.because


LEAKS = [
    ('07-', 'rentals', {'guests', 'members'}, 'combination'),
    ('16-', 'months_in_service', {'failed'}, 'afterwards'),
    ('28-', 'diagnosis', {'case_no'}, 'order'),
    ('49-', 'net_price', {'gross_price'}, 'by_category'),
    ('53-', 'diagnosis', {'sample'}, 'order'),
    ('57-', 'won', {'signed_on'}, 'missing'),
]


@pytest.mark.parametrize(('name', 'target', 'columns', 'kind'), LEAKS)
def test_columns_that_give_the_target_away_are_left_out(
    name: str, target: str, columns: set[str], kind: str
) -> None:
    found = measured(name, target)
    assert {column for leak in found.leaks for column in leak.columns} == columns
    assert {leak.kind for leak in found.leaks} == {kind}
    assert not columns & set(found.inputs)


HONEST = [
    ('08-', 'Preis', {'Kilometer', 'Listenpreis', 'Verbrauch', 'Alter'}),
    ('14-', 'rides', {'requested_at'}),
    ('31-', 'label', {'message'}),
    ('32-', 'rating', {'profit'}),
    ('52-', 'wert', {'größe'}),
    ('60-', 'score', {'weight'}),
    ('11-', 'revenue', {'ratio', 'views', 'clicks'}),
    ('22-', 'rent', {'zip', 'rooms'}),
]


@pytest.mark.parametrize(('name', 'target', 'columns'), HONEST)
def test_a_strong_column_is_no_leak_by_its_strength(name: str, target: str, columns: set[str]) -> None:
    assert columns <= set(measured(name, target).inputs)


EXPECTED = [('14-', 'rides', 0.9), ('20-', 'temp', 0.85), ('31-', 'label', 0.9), ('59-', None, 0.85)]


@pytest.mark.parametrize(('name', 'target', 'least'), EXPECTED)
def test_features_that_could_carry_it_are_tried(name: str, target: str | None, least: float) -> None:
    target = target or rank_targets(*known(name))[0].name
    skill = measured(name, target).expected_skill
    assert skill is not None and skill >= least


def test_an_honest_coin_is_not_learned() -> None:
    skill = measured('03-', 'outcome').expected_skill
    assert skill is not None and skill < 0.25


def test_decisions_do_not_depend_on_the_order_of_rows_or_columns() -> None:
    plan, frame = known('21-')
    whole = measure(plan, frame, 'sold')
    shuffled = frame.iloc[np.random.default_rng(2).permutation(len(frame))]
    other = measure(plan, shuffled, 'sold')
    assert (other.split.strategy, other.split.by, set(other.inputs)) == (
        whole.split.strategy,
        whole.split.by,
        set(whole.inputs),
    )


def test_findings_are_data() -> None:
    found = measured('03-', 'outcome')
    assert Measured.from_json(found.to_json()) == found


def test_work_is_counted_and_what_was_not_tried_is_said() -> None:
    plan, frame = known('21-')
    short = measure(plan, frame, 'sold', work_limit=1)
    assert short.work <= 1 and short.untried
    assert short.split.strategy == 'forward'
