"""What the playbooks decide of a table, sent with reason, numbers and alternatives; and what a person decides instead,
followed from the file to the model."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score

from tempera import _decisions
from tempera.learning.predicting import Predictor
from tempera.learning.thresholds import USUAL, class_chances, tried
from tempera.learning.training import Training
from tempera.reports import export_csv

from .reports.sessions import Session, run_session

ROWS = 260
#: what a person decides of the same table
DECIDED: dict[str, Any] = {
    'rows.left_out': ['footnote'],
    'column.dose.missing': [],
    'column.stage.missing': ['None'],
    'column.seen.date_order': 'day',
    'column.seen.features': 'elapsed',
    'column.income.features': 'log',
    'column.remark.use': 'in',
    'column.remark.features': 'means',
    'threshold': 0.2,
}


def written(path: Path) -> Path:
    """A table in which everything that can be decided of one is in doubt."""
    draw = random.Random(7)
    rows = [_row(place, draw) for place in range(ROWS)]
    names = ['ill', 'dose', 'stage', 'seen', 'income', 'remark']
    lines = [
        ','.join(names),
        *(','.join(row) for row in rows),
        f'Total,{ROWS},,,1000,',
        'Source: made for tests,,,,,',
    ]
    path.write_text('\n'.join([*lines, '']))
    return path


def _row(place: int, draw: random.Random) -> list[str]:
    dose = round(draw.uniform(10, 60), 1)
    ill = draw.random() < (0.35 if dose > 45 else 0.08)
    words = ' '.join(
        draw.choice(['calm', 'tired', 'pale', 'awake', 'dizzy', 'hot', 'cold']) for _ in range(4)
    )
    return [
        'yes' if ill else 'no',
        '-999' if place % 20 == 3 else f'{dose}',
        ['None', 'None', 'early', 'late', ''][place % 5],
        f'{draw.randint(1, 12):02}/{draw.randint(1, 12):02}/202{draw.randint(0, 3)}',
        f'{int(draw.lognormvariate(8, 1.6))}',
        f'{words} {place}',
    ]


@pytest.fixture(scope='module')
def sent() -> list[dict[str, Any]]:
    """Everything that was decided, as it was sent."""
    return []


@pytest.fixture(scope='module')
def own(tmp_path_factory: pytest.TempPathFactory, sent: list[dict[str, Any]]) -> Session:
    """As the scripts decide by themselves."""
    folder = tmp_path_factory.mktemp('own')
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_decisions, 'send_message', lambda _, text: sent.append(json.loads(text)))
        return run_session(folder / 'session', written(folder / 'ills.csv'), 'ill')


@pytest.fixture(scope='module')
def decided(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """As a person decides."""
    folder = tmp_path_factory.mktemp('decided')
    (folder / 'session').mkdir()
    rows = [{'key': key, 'value': value, 'by': 'person', 'stage': None} for key, value in DECIDED.items()]
    (folder / 'session/decisions.json').write_text(json.dumps({'version': 1, 'decisions': rows}))
    return run_session(folder / 'session', written(folder / 'ills.csv'), 'ill')


@pytest.mark.parametrize(
    ('key', 'value', 'other', 'basis'),
    [
        ('rows.left_out', ['footnote', 'total'], ['footnote'], 'rule'),
        ('column.dose.missing', ['-999'], [], 'agent'),
        ('column.stage.missing', [], ['None'], 'default'),
        ('column.seen.date_order', 'month', 'day', 'default'),
        ('column.seen.features', 'parts', 'elapsed', 'default'),
        ('column.income.features', 'number', 'log', 'default'),
        ('threshold', 0.5, None, 'default'),
    ],
)
def test_what_could_be_otherwise_is_told_with_why_and_numbers(
    own: Session, sent: list[dict[str, Any]], key: str, value: Any, other: Any, basis: str
) -> None:
    (row,) = [one for one in sent if one['key'] == key]
    assert (row['value'], row['basis']) == (value, basis)
    assert row['reason'] and any(isinstance(number, int | float) for number in row['evidence'].values())
    offered = [one['value'] for one in row['alternatives']]
    assert value not in offered and (other in offered or other is None)
    assert offered and all(one['changes'] for one in row['alternatives'])


def test_what_the_table_cannot_settle_is_marked_as_to_be_confirmed(
    own: Session, sent: list[dict[str, Any]]
) -> None:
    doubtful = {one['key'] for one in sent if one['confidence'] == 0.5}
    assert doubtful == {'column.stage.missing', 'column.seen.date_order', 'split.by', 'split.strategy'}
    (by,) = [one for one in sent if one['key'] == 'split.by']
    assert (by['value'], by['basis'], by['alternatives'][0]['value']) == ('seen', 'default', None)
    assert 'predictions be made for later rows' in by['reason'] and 'moments' in by['evidence']
    assert 'To confirm' in own.text('eda/report.md')


def test_other_columns_that_may_be_the_target_stand_beside_it(
    own: Session, sent: list[dict[str, Any]]
) -> None:
    ranked = [one['name'] for one in own.json('eda/data/profile.json')['candidates'] if one['name'] != 'ill'][
        :5
    ]
    (row,) = [one for one in sent if one['key'] == 'target']
    assert ranked and [one['value'] for one in row['alternatives']] == ranked


def test_undisputed_findings_are_no_rows(sent: list[dict[str, Any]]) -> None:
    keys = {one['key'] for one in sent}
    assert not keys & {
        'column.income.missing',
        'column.remark.missing',
        'column.ill.features',
        'column.dose.features',
    }


def test_lines_that_a_person_keeps_are_rows(own: Session, decided: Session) -> None:
    before, after = own.json('eda/data/plan.json')['file'], decided.json('eda/data/plan.json')['file']
    assert before['rows'] == after['rows'] and after['rows_used'] == before['rows_used'] + 1
    assert after['restored'] == ['total'] and 'restored' not in before
    assert 'What looks like totals counts as rows, as was decided.' in decided.text('eda/report.md')


def test_what_a_person_says_of_missing_texts_holds(own: Session, decided: Session) -> None:
    rows = {
        name: pd.concat([one.split('train'), one.split('test')])
        for name, one in (('own', own), ('decided', decided))
    }
    assert rows['own']['dose'].min() > 0 and rows['decided']['dose'].min() == -999
    assert (rows['own']['stage'] == 'None').any() and not (rows['decided']['stage'] == 'None').any()


def test_dates_are_read_in_the_order_that_a_person_says(own: Session, decided: Session) -> None:
    days, months = (
        pd.concat([one.split(name) for name in ('train', 'val', 'test')]).set_index('__source_row')['seen']
        for one in (own, decided)
    )
    both = days.index.intersection(months.index)
    assert (days[both].dt.month == months[both].dt.day).all() and (days[both] != months[both]).any()


def test_columns_become_features_as_a_person_says(own: Session, decided: Session) -> None:
    names = {
        one: set(joblib.load(one.folder / 'prep/data/prep_pipeline.pkl')[:-1].get_feature_names_out())
        for one in (own, decided)
    }
    assert 'income' in names[own] and 'seen: month' in names[own]
    assert {'income: logarithm', 'seen: days since the first', 'remark: mean of the target'} <= names[decided]
    assert not {'income', 'seen: month'} & names[decided]
    assert 'income, as was decided: its logarithm' in decided.text('prep/report.md').replace('`', '')


def test_the_rarer_class_is_named_from_the_threshold_on_everywhere(decided: Session, tmp_path: Path) -> None:
    metadata, model = (
        decided.json('train/data/metadata.json'),
        joblib.load(decided.folder / 'train/models/model.pkl'),
    )
    assert metadata['threshold'] == {'class': 'yes', 'probability': 0.2}
    test = decided.split('test')
    chances = model.predict_proba(test)[:, list(model.classes_).index('yes')]
    expected = ['yes' if chance >= 0.2 else 'no' for chance in chances]
    assert list(model.predict(test)) == expected and 'yes' in expected
    right = sum(one == other for one, other in zip(expected, test['ill'], strict=True)) / len(test)
    assert metadata['metrics']['test']['accuracy'] == pytest.approx(right)
    answer = Predictor.load(decided.folder / 'train/models').predict_file(decided.table).table
    named = answer['probability_yes'].astype(float) >= 0.2
    assert (answer['predicted_ill'] == named.map({True: 'yes', False: 'no'})).all()
    # a line that counts as a row does so in other files, too
    assert len(answer) == ROWS + 1
    export_csv(answer, tmp_path / 'answers.csv')


def test_what_a_person_has_answered_is_not_asked_again(decided: Session) -> None:
    report = decided.text('eda/report.md')
    assert 'Does the day or the month stand first?' not in report and 'Is `None` a value' not in report


def test_a_threshold_is_taken_where_it_is_better_by_more_than_chance(
    own: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(own.folder)
    monkeypatch.setenv('TEMPERA_WORKSPACE', str(own.folder))
    monkeypatch.setenv('TEMPERA_DATASET', str(own.folder / 'dataset'))
    training = Training.load({'metric': 'f1_macro', 'seed': 1, 'left_out': [], 'max_rows': 5000})
    found = tried(training, 'linear', 5)
    chances, places = class_chances(training, training.model('linear'), 'yes', 5)
    truth = training.sample['ill'] == 'yes'

    def scores(threshold: float) -> np.ndarray:
        return np.array(
            [
                f1_score(truth[places == fold], chances[places == fold] >= threshold, average='macro')
                for fold in range(places.max() + 1)
            ]
        )

    gains = {one: scores(one) - scores(USUAL) for one in (step / 20 for step in range(1, 20))}
    best = max(gains, key=lambda one: gains[one].mean())
    error = gains[best].std(ddof=1) / np.sqrt(len(gains[best]))
    expected = best if best != USUAL and gains[best].mean() > 2 * error else USUAL
    assert found.best == pytest.approx(expected)
    assert found.gain == pytest.approx(0 if expected == USUAL else gains[best].mean(), abs=1e-9)
    assert found.usual_score == pytest.approx(scores(USUAL).mean())
