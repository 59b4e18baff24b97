"""Validation of each stage's outputs, good ones and every way in which they can be wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tempera.learning.fingerprints import LENGTH
from tempera_sandbox.tools import Context, ToolError, run_tool
from tempera_sandbox.tools.stages.findings import Findings
from tempera_sandbox.tools.stages.validate_train import against_baseline, compare_metrics

from .tool_files import PNG, change_json, make_context, write_eda, write_prep, write_train


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return make_context(tmp_path)


def validate(context: Context, stage: str, **options: object) -> dict:
    return run_tool('validate_stage', {'stage': stage, **options}, context)


def without_pipeline(context: Context) -> dict:
    """Prep's findings but for the pipeline, whose fresh process takes seconds."""
    (context.workspace / 'prep/data/prep_pipeline.pkl').unlink()
    found = validate(context, 'prep')
    found['errors'].remove(
        'prep/data/prep_pipeline.pkl is missing: save the fitted pipeline with joblib.dump.'
    )
    return found


def assert_error(found: dict, *words: str) -> None:
    assert any(all(word in error for word in words) for error in found['errors']), found['errors']


def test_an_unknown_stage_is_refused(context: Context) -> None:
    with pytest.raises(ToolError, match='stage must be'):
        validate(context, 'deploy')


def test_a_good_eda_passes(context: Context) -> None:
    write_eda(context)
    found = validate(context, 'eda')
    assert found['errors'] == [] and len(found['passed']) == 3


def test_an_empty_eda_lists_what_to_write(context: Context) -> None:
    found = validate(context, 'eda')
    assert_error(found, 'eda/report.md is missing')
    assert_error(found, 'no figure')


def test_figures_that_are_named_must_exist(context: Context) -> None:
    write_eda(context)
    (context.workspace / 'eda/report.md').write_text(
        '![a](figures/none.png) ![b](../../etc/passwd) ![c](figures/kinds.png)'
    )
    assert_error(validate(context, 'eda'), 'figures/none.png', '../../etc/passwd')


def test_a_figure_that_is_no_image_is_an_error(context: Context) -> None:
    write_eda(context)
    (context.workspace / 'eda/figures/bad.png').write_bytes(b'not an image')
    (context.workspace / 'eda/figures/more').mkdir()
    (context.workspace / 'eda/figures/more/good.png').write_bytes(PNG)
    assert_error(validate(context, 'eda'), 'bad.png', 'no PNG')


def test_a_blank_report_is_an_error(context: Context) -> None:
    write_eda(context)
    (context.workspace / 'eda/report.md').write_text(' \n')
    assert_error(validate(context, 'eda'), 'eda/report.md is empty')


def test_a_good_prep_passes_and_gives_its_facts(context: Context) -> None:
    write_prep(context)
    found = validate(context, 'prep', target='kind', problem_type='multiclass', source_file='plants.csv')
    assert found['errors'] == []
    assert len(found['facts'].pop('test_fingerprint')) == LENGTH
    assert found['facts'] == {
        'equal_rows_across_splits': 0,
        'problem_type': 'multiclass',
        'columns': ['size', 'colour', 'weight', 'kind', '__source_row'],
        'feature_columns': ['size', 'colour', 'weight'],
        'target_column': 'kind',
        'total_rows': 120,
        'train_rows': 80,
        'val_rows': 20,
        'test_rows': 20,
        'quality_stats': {'missing_cells': 4},
    }
    assert any('transforms raw rows' in line for line in found['passed'])


def test_an_empty_prep_lists_what_to_write(context: Context) -> None:
    found = validate(context, 'prep')
    for name in ('train.parquet is missing', 'metadata.json is missing', 'prep_pipeline.pkl is missing'):
        assert_error(found, name)


def test_a_source_row_in_two_splits_is_an_error(context: Context) -> None:
    splits = write_prep(context)
    both = pd.concat([splits['test'][1:], splits['train'][:1]])
    both.to_parquet(context.workspace / 'prep/data/test.parquet', index=False)
    found = without_pipeline(context)
    assert_error(found, 'Source rows are in two splits', 'train and test', 'row 0')
    assert any('Equal rows' in warning for warning in found['warnings'])


def test_equal_rows_are_a_warning_with_their_count(context: Context) -> None:
    splits = write_prep(context)
    copied = splits['train'][5:8].assign(__source_row=splits['test']['__source_row'].to_numpy()[:3])
    pd.concat([copied, splits['test'][3:]]).to_parquet(
        context.workspace / 'prep/data/test.parquet', index=False
    )
    found = without_pipeline(context)
    assert found['errors'] == []
    assert found['facts']['equal_rows_across_splits'] == 3
    assert any('3 of train and test' in warning for warning in found['warnings'])


@pytest.mark.parametrize(
    ('change', 'words'),
    [
        (lambda frame: frame.drop(columns='__source_row'), ('__source_row', 'add the column')),
        (lambda frame: frame.assign(weight=frame['weight'].astype(str)), ('types', 'weight')),
        (lambda frame: frame.drop(columns='weight'), ('same columns', 'weight')),
        (lambda frame: frame[::-1][['kind', 'size', 'colour', 'weight', '__source_row']], ('another order',)),
        (lambda frame: frame[:0], ('empty', 'train')),
        (lambda frame: frame.assign(kind='a'), ('constant in train',)),
        (lambda frame: frame.assign(kind=None), ('missing values', 'train')),
    ],
)
def test_a_wrong_train_split_is_an_error(context: Context, change, words: tuple[str, ...]) -> None:
    splits = write_prep(context)
    change(splits['train']).to_parquet(context.workspace / 'prep/data/train.parquet', index=False)
    assert_error(without_pipeline(context), *words)


def test_an_unreadable_split_is_an_error(context: Context) -> None:
    write_prep(context)
    path = context.workspace / 'prep/data/val.parquet'
    path.write_bytes(path.read_bytes()[:200])
    assert_error(without_pipeline(context), 'val.parquet cannot be read')


@pytest.mark.parametrize(
    ('changes', 'words'),
    [
        ({'train_rows': 79}, ('row counts', 'train_rows is 79')),
        ({'total_rows': 99}, ('total_rows is 99',)),
        ({'total_rows': None}, ('total_rows', 'add the row counts')),
        ({'target_column': 'none'}, ("The target 'none' is missing",)),
        ({'feature_columns': ['size', 'kind']}, ('feature_columns holds kind',)),
        ({'feature_columns': ['size', 'gone']}, ('splits lack', 'gone')),
        ({'columns': ['size', 'kind']}, ('does not name', 'colour')),
        ({'problem_type': 'guess'}, ('problem_type',)),
    ],
)
def test_wrong_metadata_is_an_error(context: Context, changes: dict, words: tuple[str, ...]) -> None:
    write_prep(context)
    change_json(context.workspace / 'prep/data/metadata.json', **changes)
    assert_error(without_pipeline(context), *words)


def test_options_of_the_experiment_are_held_against_the_metadata(context: Context) -> None:
    write_prep(context)
    (context.workspace / 'prep/data/prep_pipeline.pkl').unlink()
    found = validate(context, 'prep', target='colour', problem_type='binary')
    assert_error(found, "'kind'", "'colour'")
    assert_error(found, 'asks for binary')


@pytest.mark.parametrize('stage', ['prep', 'train'])
def test_a_column_that_the_person_left_out_must_be_no_feature(context: Context, stage: str) -> None:
    write_train(context, write_prep(context))
    feature = json.loads((context.workspace / 'prep/data/metadata.json').read_text())['feature_columns'][0]
    found = validate(context, stage, excluded_columns=[feature, 'another'])
    assert_error(found, feature, 'the person has decided to leave out')
    assert not any('another' in error for error in found['errors'])


def test_broken_json_is_an_error(context: Context) -> None:
    write_prep(context)
    (context.workspace / 'prep/data/metadata.json').write_text('{')
    assert_error(without_pipeline(context), 'not valid JSON')


def test_nested_row_counts_are_understood(context: Context) -> None:
    write_prep(context)
    path = context.workspace / 'prep/data/metadata.json'
    change_json(path, train_rows=None, rows={'train': 80, 'val': 20, 'test': 20})
    text = (
        path.read_text().replace('"train_rows": null, ', '').replace('"val_rows": 20, "test_rows": 20, ', '')
    )
    path.write_text(text)
    assert without_pipeline(context)['errors'] == []


def test_a_good_training_passes(context: Context) -> None:
    write_train(context, write_prep(context))
    found = validate(context, 'train')
    assert found['errors'] == [] and found['warnings'] == []
    assert any('agree when recomputed' in line for line in found['passed'])
    assert any('beats the dummy' in line for line in found['passed'])
    assert found['facts']['test_metrics']['accuracy'] > 0.7


def test_a_missing_model_is_an_error(context: Context) -> None:
    write_prep(context)
    assert_error(validate(context, 'train'), 'model.pkl is missing')


def test_a_model_no_better_than_the_dummy_is_a_warning() -> None:
    found = Findings()
    for metric, model, dummy in (('accuracy', 0.5, 0.5), ('rmse', 2.0, 1.0)):
        against_baseline(metric, {'metrics': {metric: model}, 'baseline': {metric: dummy}}, found)
    assert len(found.warnings) == 2 and 'does not beat the dummy' in found.warnings[0]


@pytest.mark.parametrize(
    ('reported', 'agrees'),
    [
        ({'metrics': {'test': {'accuracy': 0.9523809}}}, True),
        ({'test_metrics': {'Accuracy': 0.952}}, True),
        ({'metrics': {'test_acc': 0.9524, 'f1': 0.8}}, True),
        ({'metrics': {'test': {'accuracy': 0.95}}}, False),
        ({'metrics': {'test': {'accuracy': 0.9524, 'roc_auc': 0.99}}}, True),
        ({'metrics': {'test': {'glory': 1}}}, False),
        ({}, False),
    ],
)
def test_reported_metrics_must_agree_when_recomputed(reported: dict, agrees: bool) -> None:
    found = Findings()
    compare_metrics(reported, {'accuracy': 20 / 21, 'f1_positive': 0.8, 'f1_macro': 0.7}, found)
    assert (found.errors == []) is agrees, found
