"""What train must leave: a model that loads anywhere and predicts the test split as well as was reported."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from . import Context
from .findings import Findings, check_report, listed, read_metadata
from .fresh_process import FreshProcess
from .splits import NAMES
from .validate_eda import check_named_figures

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
    request = _request(workspace, params, metadata, findings)
    if request is None:
        return
    answer = fresh.run('evaluate', request, params)
    if 'error' in answer:
        findings.errors.append(f'train/models/model.pkl {answer["error"]}')
        return
    findings.passed.append(
        f'model.pkl loads in a fresh process and predicts the {answer["rows"]:,} rows of the test split.'
    )
    findings.warnings.extend(answer['warnings'])
    findings.facts |= {
        'test_metrics': answer['metrics'],
        'baseline_metrics': answer['baseline'],
        'test_rows': answer['rows'],
    }
    if metadata is not None:
        compare_metrics(metadata, answer['metrics'], findings)
    against_baseline(_primary(params, metadata, request['problem_type']), answer, findings)


def _request(
    workspace: Path, params: dict[str, Any], metadata: dict[str, Any] | None, findings: Findings
) -> dict[str, Any] | None:
    """What the fresh process needs; None after an error was noted."""
    model = workspace / 'train/models/model.pkl'
    if not model.is_file():
        findings.errors.append('train/models/model.pkl is missing: save the fitted model with joblib.dump.')
        return None
    splits = {name: workspace / 'prep/data' / f'{name}.parquet' for name in NAMES}
    missing = [f'prep/data/{path.name}' for path in splits.values() if not path.is_file()]
    if missing:
        findings.errors.append(
            f'{listed(missing)} is missing: train must leave the splits of prep as they are.'
        )
        return None
    prep = read_metadata(workspace, 'prep/data/metadata.json', findings) or {}
    both = {**prep, **{key: value for key, value in (metadata or {}).items() if value}}
    target = str(both.get('target_column') or both.get('target') or params.get('target') or '')
    features = both.get('feature_columns')
    row_column = str(prep.get('source_row_column') or '__source_row')
    requirements = model.with_name('requirements.txt')
    if not requirements.is_file():
        findings.warnings.append(
            'train/models/requirements.txt is missing: write name==version of each package that the model needs.'
        )
    return {
        'model': str(model.resolve()),
        'pipeline': str((workspace / 'prep/data/prep_pipeline.pkl').resolve()),
        'requirements': str(requirements.resolve()) if requirements.is_file() else None,
        'splits': {name: str(path.resolve()) for name, path in splits.items()},
        'target': target,
        'features': [name for name in features if name not in (target, row_column)]
        if isinstance(features, list)
        else [],
        'problem_type': 'regression'
        if 'regression' in str(both.get('problem_type') or params.get('problem_type') or '')
        else 'classification',
    }


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
    said = f'{metric} {model:.4g} against {dummy:.4g} of the dummy baseline'
    if better:
        findings.passed.append(f'The model beats the dummy: {said}.')
    else:
        findings.warnings.append(
            f'The model does not beat the dummy: {said}. The table may not tell the target; say so in the report.'
        )
