"""What the scripts choose: a person's decision stands in place of theirs; of columns only exceptions are decided."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tempera import _decisions
from tempera.choices import Known, chosen_preparation, decided_reading
from tempera.choices.preparing import chosen_split, columns_left_out
from tempera.choices.reading import decided_kinds
from tempera.choices.training import chosen_model
from tempera.learning.source import planned_table, understand_table
from tempera.tables import TablePlan, parse, understand
from tempera.tables.measured.findings import Measured, SplitFinding, TargetFinding
from tempera.tables.retyped import as_kind, with_levels

ROWS = 60
PRINTED = tuple(str(place * 1.5) for place in range(ROWS))
FOUND = Measured(
    TargetFinding('ill', 'ill', 'binary', 'binary', 'it has 2 labels'), SplitFinding('stratified')
)
TWICE = pd.DataFrame({'ill': [0, 0, 1], 'seen': ['a', 'b', 'c'], 'dose': [1.5, 1.5, 2.0]})
MEASURED = {'strategy': 'stratified', 'by': None, 'because': 'rows stand alone', 'confirm': False}


@pytest.fixture
def plan(tmp_path: Path) -> TablePlan:
    lines = [
        f'{place % 2},site{place % 7},2021-{place % 12 + 1:02}-03,{place * 1.5}' for place in range(ROWS)
    ]
    path = tmp_path / 'table.csv'
    path.write_text('\n'.join(['ill,Site (A),seen,dose', *lines, '']))
    return understand(path)


@pytest.fixture
def decided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Writes what a person has decided, in prep."""
    monkeypatch.setenv('TEMPERA_WORKSPACE', str(tmp_path))
    monkeypatch.setenv('TEMPERA_STAGE', 'prep')

    def write(**values: Any) -> None:
        listed = [
            {'key': key.replace('__', '.'), 'value': value, 'by': 'person', 'stage': 'prep'}
            for key, value in values.items()
        ]
        (tmp_path / 'decisions.json').write_text(json.dumps({'decisions': listed}))

    return write


@pytest.mark.parametrize(
    ('values', 'expected'),
    [
        ({}, ('stratified', None)),
        ({'split__by': 'Site (A)'}, ('group', 'Site (A)')),
        ({'split__by': 'seen'}, ('time', 'seen')),
        ({'split__by': 'seen', 'split__strategy': 'group'}, ('group', 'seen')),
        ({'split__strategy': 'random'}, ('stratified', None)),
    ],
)
def test_a_column_that_a_person_names_is_split_by_as_it_is_good_for(
    plan: TablePlan, decided: Any, values: dict[str, Any], expected: tuple[str, str | None]
) -> None:
    decided(**values)
    split = chosen_split(Known(plan, FOUND), MEASURED, 'binary')
    assert (split['strategy'], split['by']) == expected


def test_a_measured_split_is_given_up_for_none(plan: TablePlan, decided: Any) -> None:
    decided(split__by=None)
    split = chosen_split(Known(plan, FOUND), {**MEASURED, 'strategy': 'group', 'by': 'Site (A)'}, 'binary')
    assert (split['strategy'], split['by']) == ('stratified', None)


def test_columns_stay_out_or_come_back_as_the_person_says(plan: TablePlan, decided: Any) -> None:
    decided(column__dose__use='out', column__site_a__use='in')
    proposed = {'Site (A)': 'it names each row', 'seen': 'it is known only afterwards'}
    left = columns_left_out(Known(plan, FOUND), proposed)
    assert left == {'seen': 'it is known only afterwards', 'dose': 'it was left out on request'}


def test_repeats_and_a_learner_are_the_persons(plan: TablePlan, decided: Any) -> None:
    decided(rows__repeats='keep', model__choice='linear')
    parameters = {
        'problem_type': 'binary',
        'drop_duplicates': True,
        'drop': {},
        'split': MEASURED,
        'test_file': None,
    }
    assert chosen_preparation(Known(plan, FOUND), parameters, TWICE)['drop_duplicates'] is False
    compared = {'candidates': [{'name': name, 'title': name, 'mean': 0.5} for name in ('boosting', 'linear')]}
    training = {'chosen': 'boosting', 'reason': 'it scores best', 'metric': 'roc_auc'}
    chosen = chosen_model(training, compared)
    assert (chosen['chosen'], chosen['reason']) == ('linear', 'it was asked for')


@pytest.mark.parametrize(('left', 'decides'), [({}, False), ({'seen': 'it is known only afterwards'}, True)])
def test_of_repeats_nothing_is_decided_where_no_row_repeats_another_in_what_is_used(
    plan: TablePlan, decided: Any, monkeypatch: pytest.MonkeyPatch, left: dict[str, str], decides: bool
) -> None:
    decided()
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(_decisions, 'send_message', lambda _, text: sent.append(json.loads(text)))
    proposed = {'problem_type': 'binary', 'drop_duplicates': True, 'drop': left, 'split': MEASURED}
    chosen = chosen_preparation(Known(plan, FOUND), {**proposed, 'test_file': None}, TWICE)
    assert chosen['drop_duplicates'] is True
    assert ('rows.repeats' in {one['key'] for one in sent}) is decides


@pytest.mark.parametrize('drop', [True, False])
@pytest.mark.parametrize('split', [MEASURED, {**MEASURED, 'strategy': 'group', 'by': 'Site (A)'}])
def test_each_decision_has_its_reason_and_no_alternative_that_is_itself(
    plan: TablePlan, decided: Any, monkeypatch: pytest.MonkeyPatch, drop: bool, split: dict[str, Any]
) -> None:
    decided()
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(_decisions, 'send_message', lambda _, text: sent.append(json.loads(text)))
    proposed = {'problem_type': 'binary', 'drop_duplicates': drop, 'drop': {'seen': 'it is known later'}}
    chosen_preparation(Known(plan, FOUND), {**proposed, 'split': split, 'test_file': None}, TWICE)
    assert {one['key'] for one in sent} > {'rows.repeats', 'split.by', 'split.strategy'}
    for one in sent:
        assert one['reason'], one['key']
        assert one['value'] not in [alternative['value'] for alternative in one['alternatives']], one['key']


def test_a_column_is_read_as_the_kind_that_a_person_says(plan: TablePlan, decided: Any) -> None:
    decided(column__dose__kind='category', column__ill__kind='boolean', column__site_a__kind='text')
    assert decided_kinds(plan) == {'dose': 'category', 'Site (A)': 'text'}
    dose = as_kind(plan.column('dose'), 'category')
    values = parse(dose, pd.Series(['1.5', '3.0', '1.5', '']))
    assert values.tolist()[:3] == ['1.5', '3.0', '1.5'] and bool(values.isna().iloc[3])
    assert with_levels(dose, values).levels == ('1.5', '3.0')
    assert dose.evidence[-1].because == 'it was decided so'
    assert as_kind(plan.column('ill'), 'boolean') == plan.column('ill')


def test_labels_are_read_as_numbers_where_they_hold_some(plan: TablePlan) -> None:
    site = as_kind(plan.column('Site (A)'), 'number')
    assert parse(site, pd.Series(['site1', '2', '3.5'])).tolist()[1:] == [2.0, 3.5]


def test_the_exploration_reads_by_what_was_decided(decided: Any, plan: TablePlan, tmp_path: Path) -> None:
    decided(column__dose__kind='category')
    (tmp_path / 'dataset').mkdir()
    (tmp_path / 'table.csv').rename(tmp_path / 'dataset/table.csv')
    source = understand_table('table.csv', decided_reading)
    assert source.plan.column('dose').kind == 'category' and source.frame['dose'].iloc[0] in PRINTED
    assert planned_table().plan == source.plan
