"""What train must leave: a model that loads anywhere and predicts the test split as well as was reported."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import Context
from ..fresh_process import FreshProcess
from ..models.predictions import Asked, Form, Predictions, RefusedError, predictions_of
from .comparable import cross_validation, tested_rows
from .findings import Findings, check_left_out, check_report, listed, read_metadata
from .model_metrics import evaluate
from .splits import NAMES
from .validate_eda import check_named_figures

_MODEL = 'train/models/model.pkl'
_PIPELINE = 'prep/data/prep_pipeline.pkl'
_TOLERANCE = 1e-6
_LOWER_IS_BETTER = ('log_loss', 'rmse', 'mse', 'mae')
# What people call a metric, and which of the recomputed ones it may mean.
_ALIASES = {
    'auc': ('roc_auc',),
    'auroc': ('roc_auc',),
    'roc_auc_ovr': ('roc_auc',),
    'acc': ('accuracy',),
    'r2_score': ('r2',),
    'r_squared': ('r2',),
    'root_mean_squared_error': ('rmse',),
    'mean_absolute_error': ('mae',),
    'mean_squared_error': ('mse',),
    'pr_auc': ('average_precision',),
    'f1': ('f1_positive', 'f1_macro', 'f1_weighted'),
    'f1_score': ('f1_positive', 'f1_macro', 'f1_weighted'),
    'precision': ('precision_positive', 'precision_macro', 'precision_weighted'),
    'recall': ('recall_positive', 'recall_macro', 'recall_weighted'),
    'macro_f1': ('f1_macro',),
    'logloss': ('log_loss',),
}


def validate_train(context: Context, params: dict[str, Any], findings: Findings, fresh: FreshProcess) -> None:
    """Notes what holds and what must be mended in train/."""
    workspace = context.workspace
    metadata = read_metadata(workspace, 'train/data/metadata.json', findings)
    if (workspace / 'train/report.md').is_file():
        check_named_figures(
            workspace, 'train', check_report(workspace, 'train/report.md', findings), findings
        )
    else:
        findings.warnings.append(
            'train/report.md is missing: say there what was tried, how good it is and what is uncertain.'
        )
    data = _data(workspace, params, metadata, findings)
    if data is None:
        return
    try:
        found = predictions_of(fresh, _asked(workspace, data, findings), params)
        answer = _judged(found, data, findings)
    except RefusedError as refusal:
        findings.errors.append(f'train/models/model.pkl {refusal}')
        return
    findings.passed.append(
        f'model.pkl loads in a fresh process and predicts the {answer["rows"]:,} rows of the test split.'
    )
    findings.facts |= {
        'test_metrics': answer['metrics'],
        'baseline_metrics': answer['baseline'],
        'test_rows': answer['rows'],
    }
    findings.facts |= tested_rows(data.splits['test'], data.source_row, data.target)
    findings.facts |= cross_validation(metadata)
    if metadata is not None:
        compare_metrics(metadata, answer['metrics'], findings)
    against_baseline(_primary(params, metadata, data.problem_type), answer, findings)


@dataclass(frozen=True)
class _Data:
    """What the model is judged on."""

    splits: dict[str, Any]
    target: str
    #: which row of the upload a row is
    source_row: str
    features: list[str]
    problem_type: str


def _data(
    workspace: Path, params: dict[str, Any], metadata: dict[str, Any] | None, findings: Findings
) -> _Data | None:
    """None after an error was noted."""
    if not (workspace / _MODEL).is_file():
        findings.errors.append('train/models/model.pkl is missing: save the fitted model with joblib.dump.')
        return None
    paths = {name: workspace / 'prep/data' / f'{name}.parquet' for name in NAMES}
    missing = [f'prep/data/{path.name}' for path in paths.values() if not path.is_file()]
    if missing:
        findings.errors.append(
            f'{listed(missing)} is missing: train must leave the splits of prep as they are.'
        )
        return None
    prep = read_metadata(workspace, 'prep/data/metadata.json', findings) or {}
    both = {**prep, **{key: value for key, value in (metadata or {}).items() if value}}
    target = str(both.get('target_column') or both.get('target') or params.get('target') or '')
    features = both.get('feature_columns')
    check_left_out(params, features, findings)
    row_column = str(prep.get('source_row_column') or '__source_row')
    splits = _read_splits(paths, target, findings)
    if splits is None:
        return None
    named = (
        [name for name in features if name not in (target, row_column)] if isinstance(features, list) else []
    )
    there = [name for name in named if name in splits['test'].columns]
    return _Data(
        splits,
        target,
        row_column,
        there or [name for name in splits['test'].columns if name != target],
        'regression'
        if 'regression' in str(both.get('problem_type') or params.get('problem_type') or '')
        else 'classification',
    )


def _read_splits(paths: dict[str, Path], target: str, findings: Findings) -> dict[str, Any] | None:
    """The test split whole, of the others the target alone; None after an error was noted."""
    import pandas as pd

    found = {}
    for name, path in paths.items():
        try:
            found[name] = pd.read_parquet(path, columns=None if name == 'test' else [target])
        except (OSError, ValueError, KeyError) as error:
            findings.errors.append(
                f'prep/data/{path.name} cannot be read with the target {target!r} ({str(error)[:150]}): '
                'train must leave the splits of prep as they are.'
            )
            return None
    if target not in found['test'].columns:
        findings.errors.append(
            f'train/models/model.pkl cannot be checked: the test split lacks the target {target!r}.'
        )
        return None
    return found


def _asked(workspace: Path, data: _Data, findings: Findings) -> Asked:
    """The forms in which models take their rows, none of which shows them the target."""
    model, pipeline = workspace / _MODEL, workspace / _PIPELINE
    requirements = model.with_name('requirements.txt')
    if not requirements.is_file():
        findings.warnings.append(
            'train/models/requirements.txt is missing: write name==version of each package that the model needs.'
        )
    forms = [Form('features', 'features'), Form('whole rows', 'whole')]
    if pipeline.is_file():
        forms += [
            Form('rows transformed by prep_pipeline.pkl', 'features', True),
            Form('whole rows transformed by prep_pipeline.pkl', 'whole', True),
        ]
    test = data.splits['test']
    return Asked(
        model=model.resolve(),
        problem_type=data.problem_type,
        forms=tuple(forms),
        frames={'features': test[data.features], 'whole': test.drop(columns=data.target)},
        what='the test split',
        advice="Save a fitted Pipeline whose predict() takes the splits' feature columns.",
        pipeline=pipeline.resolve() if pipeline.is_file() else None,
        requirements=requirements.resolve() if requirements.is_file() else None,
    )


def _judged(found: Predictions, data: _Data, findings: Findings) -> dict[str, Any]:
    """{metrics, baseline, rows}, with what is odd about the model among the warnings. Raises RefusedError."""
    import pandas as pd

    notes: list[str] = []
    if found.was_dict:
        notes.append(
            'model.pkl holds a dict; its first part with predict() was used. Save the fitted model itself.'
        )
    if found.form.transformed:
        notes.append(
            'model.pkl takes transformed rows only: save a Pipeline of preparation and model, so that it predicts from '
            'rows as they are.'
        )
    learned = pd.concat([data.splits[name][data.target] for name in NAMES if name != 'test'])
    answer = evaluate(found, data.splits['test'][data.target], learned, data.problem_type, notes)
    findings.warnings.extend(notes)
    return answer


def reported_metrics(metadata: dict[str, Any]) -> dict[str, float]:
    """The test metrics that metadata.json reports, in any of the usual places."""
    metrics = metadata.get('metrics')
    for place in (
        metrics.get('test') if isinstance(metrics, dict) else None,
        metadata.get('test_metrics'),
        metadata.get('test'),
        metrics,
    ):
        if isinstance(place, dict):
            numbers = {
                str(name): float(value)
                for name, value in place.items()
                if isinstance(value, (int, float)) and not isinstance(value, bool)
            }
            if numbers:
                return numbers
    return {}


def compare_metrics(metadata: dict[str, Any], recomputed: dict[str, Any], findings: Findings) -> None:
    """Every reported test metric that can be recomputed must agree."""
    reported = reported_metrics(metadata)
    agreed, wrong, unknown = [], [], []
    for name, value in reported.items():
        plain = re.sub(r'^(test|holdout)_', '', name.lower().replace('-', '_').replace(' ', '_'))
        candidates = [
            recomputed[one]
            for one in ((plain,) if plain in recomputed else _ALIASES.get(plain, ()))
            if recomputed.get(one) is not None
        ]
        if not candidates:
            unknown.append(name)
        elif any(_agrees(value, candidate) for candidate in candidates):
            agreed.append(name)
        else:
            wrong.append(f'{name} is reported as {value:.6g} and recomputed as {candidates[0]:.6g}')
    if wrong:
        findings.errors.append(
            'Reported test metrics do not agree with model.pkl on prep/data/test.parquet: '
            f'{"; ".join(wrong)}. Compute them from the saved model, after loading it again.'
        )
    elif agreed:
        findings.passed.append(
            f'The reported test metrics agree when recomputed from model.pkl: {listed(agreed)}.'
        )
    else:
        findings.errors.append(
            'train/data/metadata.json reports no test metric that can be recomputed: add metrics.test, '
            'such as {"accuracy": 0.97} or {"r2": 0.85}.'
        )
    if unknown:
        findings.warnings.append(f'These reported metrics were not recomputed: {listed(unknown)}.')


def _agrees(reported: float, recomputed: float) -> bool:
    """Equal within 1e-6, or equal as rounded in the report (to 3 decimals or more)."""
    if abs(reported - recomputed) <= _TOLERANCE * max(1.0, abs(recomputed)):
        return True
    decimals = len(f'{reported!r}'.partition('.')[2]) if 'e' not in f'{reported!r}' else 0
    return decimals >= 3 and round(recomputed, decimals) == reported


def _primary(params: dict[str, Any], metadata: dict[str, Any] | None, problem_type: str) -> str:
    named = str((metadata or {}).get('primary_metric') or params.get('metric') or '').lower()
    return _ALIASES.get(named, (named,))[0] if named else 'r2' if problem_type == 'regression' else 'accuracy'


def against_baseline(metric: str, answer: dict[str, Any], findings: Findings) -> None:
    """A model that does not beat the dummy is worth a warning."""
    model, dummy = answer['metrics'].get(metric), answer['baseline'].get(metric)
    findings.facts['primary_metric'] = metric
    if model is None or dummy is None:
        findings.warnings.append(f'The baseline could not be compared by {metric}.')
        return
    better = model < dummy if metric in _LOWER_IS_BETTER else model > dummy
    comparison = f'{metric} {model:.4g} against {dummy:.4g} of the dummy baseline'
    if better:
        findings.passed.append(f'The model beats the dummy: {comparison}.')
    else:
        findings.warnings.append(
            f'The model does not beat the dummy: {comparison}. The table may not tell the target; say so in the report.'
        )
