"""Predictions of a session's model: what it takes, what is odd about a row, and what a file comes back as."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline

from tempera_sandbox.tools import Context, ToolError, limits, run_tool
from tempera_sandbox.tools.models.unplanned_rows import warnings_of

from .tool_files import change_json, make_context, preparation, write_prep, write_train
from .tool_process import run_in_fork


@pytest.fixture
def context(tmp_path: Path) -> Context:
    made = make_context(tmp_path)
    write_train(made, write_prep(made))
    return made


def predict(context: Context, **params: object) -> dict:
    return run_in_fork('predict', params, context)


def test_a_model_says_what_it_takes(context: Context) -> None:
    found = predict(context, mode='describe')
    features = {feature['name']: feature for feature in found['features']}
    assert found['target'] == 'kind'
    assert features['size']['type'] == 'number'
    assert features['size']['min'] < features['size']['example'] < features['size']['max']
    assert sorted(features['colour']['categories']) == ['blue', 'red']


def test_a_row_gets_a_prediction_with_its_probabilities(context: Context) -> None:
    [found] = predict(context, mode='rows', rows=[{'size': 0.1, 'colour': 'red', 'weight': 5}])['predictions']
    assert found['prediction'] == 'a'
    assert sum(found['probabilities'].values()) == pytest.approx(1, abs=1e-4)
    assert found['warnings'] == []


def test_what_is_odd_about_a_row_is_said(context: Context) -> None:
    [found] = predict(context, mode='rows', rows=[{'size': '1e6', 'colour': 'green', 'height': 3}])[
        'predictions'
    ]
    warnings = ' '.join(found['warnings'])
    assert 'size = 1e6 lies outside' in warnings
    assert "colour = 'green' is a value that the model has not seen" in warnings
    assert 'weight is missing' in warnings
    assert 'height is no column of the model' in warnings


def test_a_date_that_cannot_be_read_is_said_to_count_as_missing() -> None:
    known = pd.DataFrame({'day': pd.to_datetime(['2021-01-01', '2021-02-03'])})
    assert warnings_of(1, {'day': '2022-05-06'}, ['day'], known) == []
    [note] = warnings_of(1, {'day': 'not a date'}, ['day'], known)
    assert "day = 'not a date' is no date that can be read" in note


@pytest.mark.parametrize('value', ['inf', '-Infinity', 1e400, '1e999', 10**400, 'big', [1.0], {'a': 1}])
def test_a_value_that_no_model_can_take_is_refused_with_its_cell(context: Context, value: object) -> None:
    rows = [{'size': 0.1, 'colour': 'red', 'weight': 5}, {'size': value, 'colour': 'red', 'weight': 5}]
    with pytest.raises(ToolError, match=r'^Row 2: size must be ') as caught:
        predict(context, mode='rows', rows=rows)
    assert caught.value.code == 'INVALID_ARGUMENT'


def test_a_row_that_the_model_refuses_is_named_with_its_cell(context: Context) -> None:
    rows = [{'size': 0.1}] * 5 + [{'size': 1e39}] + [{'size': 0.2}] * 3
    with pytest.raises(ToolError, match=r'^Row 6: .*too large.* size = 1e\+39 is larger than') as caught:
        predict(context, mode='rows', rows=rows)
    assert caught.value.code == 'INVALID_ARGUMENT'


def test_an_infinite_cell_of_a_file_is_named(context: Context) -> None:
    (context.datasets / 'rows.csv').write_text(
        'size,colour,weight\n0.1,red,5\n1e999,red,5\n' + '0.2,blue,4\n' * 9
    )
    with pytest.raises(ToolError, match=r'Row 2: size must be a finite number') as caught:
        predict(context, mode='file', file='rows.csv')
    assert caught.value.code == 'INVALID_ARGUMENT'


def test_text_where_a_number_belongs_is_refused_by_name(context: Context) -> None:
    with pytest.raises(ToolError, match="size must be a finite number, not 'big'") as caught:
        predict(context, mode='rows', rows=[{'size': 'big'}])
    assert caught.value.code == 'INVALID_ARGUMENT'


def test_too_many_rows_name_the_limit(context: Context) -> None:
    with pytest.raises(ToolError, match='MAX_PREDICT_ROWS'):
        predict(context, mode='rows', rows=[{}] * (limits.MAX_PREDICT_ROWS + 1))


def test_a_file_comes_back_with_predictions_and_nothing_that_a_spreadsheet_runs(context: Context) -> None:
    (context.datasets / 'new.csv').write_text(
        'size,colour,weight,note\n0.1,red,5,=HYPERLINK(1)\n4.2,blue,5,-3\n'
    )
    found = predict(context, mode='file', file='new.csv')
    rows = list(csv.DictReader(io.StringIO(found['csv'])))
    assert found['rows'] == 2
    assert [row['predicted_kind'] for row in rows] == ['a', 'c']
    assert [row['note'] for row in rows] == ["'=HYPERLINK(1)", '-3']
    assert 'probability_a' in rows[0]


def test_a_file_with_none_of_the_models_columns_names_them(context: Context) -> None:
    (context.datasets / 'new.csv').write_text('height,other\n3,1\n4,2\n')
    with pytest.raises(ToolError, match='size, colour, weight') as caught:
        predict(context, mode='file', file='new.csv')
    assert caught.value.code == 'INVALID_DATASET'


def test_a_file_of_one_row_or_without_columns_is_predicted_as_the_row_is(context: Context) -> None:
    for text, row in [
        ('size,colour,weight\n0.1,red,5\n', {'size': 0.1, 'colour': 'red', 'weight': 5}),
        ('size,height\n4.2,1\n', {'size': 4.2}),
        ('colour,size\nblue,4.2\nred,\n', {'size': 4.2, 'colour': 'blue'}),
    ]:
        (context.datasets / 'new.csv').write_text(text)
        found = predict(context, mode='file', file='new.csv')
        [first, *_] = csv.DictReader(io.StringIO(found['csv']))
        [alone] = predict(context, mode='rows', rows=[row])['predictions']
        assert first['predicted_kind'] == alone['prediction']
        assert float(first['probability_a']) == alone['probabilities']['a']
        assert found['missing'] == [name for name in ('size', 'colour', 'weight') if name not in row]
        assert found['ignored'] == (['height'] if 'height' in text else [])


def test_a_session_without_a_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match='no finished model') as caught:
        predict(make_context(tmp_path), mode='describe')
    assert caught.value.code == 'NOT_FOUND'


def test_a_model_that_does_not_load_is_a_refusal(context: Context) -> None:
    (context.workspace / 'train/models/model.pkl').write_bytes(b'no pickle')
    with pytest.raises(ToolError, match='does not load'):
        predict(context, mode='rows', rows=[{'size': 1}])


def test_a_file_with_text_where_a_number_belongs_names_the_row(context: Context) -> None:
    (context.datasets / 'new.csv').write_text('size,colour,weight\n0.1,red,5\nbig,red,5\n?,red,5\n')
    with pytest.raises(ToolError, match="Row 2: size must be a finite number, not 'big'"):
        predict(context, mode='file', file='new.csv')


def test_another_model_than_the_one_asked_for_is_not_used(context: Context) -> None:
    with pytest.raises(ToolError, match='another one by now') as caught:
        predict(context, mode='describe', model_sha256='0' * 64)
    assert caught.value.code == 'NOT_FOUND'


def test_a_row_of_which_the_model_would_know_nothing_is_refused(context: Context) -> None:
    with pytest.raises(ToolError) as caught:
        predict(context, mode='rows', rows=[{'size': 1}, {'foo': 1}])
    assert caught.value.code == 'INVALID_ARGUMENT'
    assert (
        str(caught.value)
        == "Row 2 has none of the model's columns, but 'foo'. Name at least one of the columns that "
        "the model takes: 'size', 'colour', 'weight'."
    )
    with pytest.raises(ToolError, match='Row 1 is empty'):
        predict(context, mode='rows', rows=[{}])
    [found] = predict(context, mode='rows', rows=[{'size': None}])['predictions']
    assert 'size is missing.' in found['warnings']


def test_a_file_comes_in_pieces_that_are_the_whole(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f'{at / 10},red,5' for at in range(10)]
    (context.datasets / 'new.csv').write_text('\n'.join(['size,colour,weight', *lines]) + '\n')
    whole = predict(context, mode='file', file='new.csv')
    assert whole['next_row'] is None
    monkeypatch.setattr('tempera_sandbox.tools.predict._PIECE_CELLS', 12)
    text, at, pieces = '', 0, 0
    while at is not None:
        piece = run_tool('predict', {'mode': 'file', 'file': 'new.csv', 'from_row': at}, context)
        text, at, pieces = text + piece['csv'], piece['next_row'], pieces + 1
    assert text == whole['csv']
    assert pieces == 3


def test_a_number_comes_with_the_interval_that_held_on_the_test_rows(context: Context) -> None:
    splits = {
        name: pd.read_parquet(context.workspace / f'prep/data/{name}.parquet') for name in ('train', 'test')
    }
    model = make_pipeline(preparation(), LinearRegression()).fit(
        splits['train'][['size', 'colour', 'weight']], splits['train']['weight']
    )
    joblib.dump(model, context.workspace / 'train/models/model.pkl')
    change_json(
        context.workspace / 'train/data/metadata.json', problem_type='regression', target_column='score'
    )
    row = {'size': 1, 'colour': 'red', 'weight': 5}
    test = pd.concat([splits['test']] * 10)
    predicted = model.predict(test[['size', 'colour', 'weight']])
    test['score'] = predicted + np.arange(len(test)) % 40 - 20
    test.head(18).to_parquet(context.workspace / 'prep/data/test.parquet')
    few = predict(context, mode='rows', rows=[row])['predictions'][0]
    assert 'interval' not in few
    test.to_parquet(context.workspace / 'prep/data/test.parquet')
    [found] = predict(context, mode='rows', rows=[row])['predictions']
    interval = found['interval']
    errors = np.abs(test['score'].to_numpy() - predicted)
    half = (interval['high'] - interval['low']) / 2
    assert interval['level'] == 0.9
    assert interval['low'] < found['prediction'] < interval['high']
    assert 0.9 <= (errors <= half + 1e-9).mean() < 0.95
    (context.datasets / 'new.csv').write_text('size,colour,weight\n1,red,5\n2,blue,4\n')
    assert 'predicted_score,low_score,high_score' in predict(context, mode='file', file='new.csv')['csv']
