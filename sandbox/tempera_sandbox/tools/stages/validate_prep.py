"""What prep must leave: three splits that do not share rows, their metadata, and a pipeline that works on raw rows."""

from __future__ import annotations

from typing import Any

import pyarrow.parquet as pq

from .. import Context
from ..fresh_process import FreshProcess
from .comparable import tested_rows
from .findings import Findings, check_left_out, check_report, listed, read_metadata
from .pipeline_checks import PIPELINE, check_transformed, rows_to_try, transformed
from .splits import (
    NAMES,
    Split,
    check_schemas,
    check_source_rows,
    check_target,
    count_equal_rows,
    open_splits,
    source_row_column,
)

_PROBLEM_TYPES = ('binary', 'multiclass', 'regression')


def validate_prep(context: Context, params: dict[str, Any], findings: Findings, fresh: FreshProcess) -> None:
    """Notes what holds and what must be mended in prep/."""
    workspace = context.workspace
    metadata = read_metadata(workspace, 'prep/data/metadata.json', findings)
    splits = open_splits(workspace, findings)
    check_schemas(splits, findings)
    row_column = source_row_column(splits, metadata)
    if splits:
        check_source_rows(splits, row_column, findings)
        count_equal_rows(splits, row_column, findings)
    target = _target(params, metadata, findings)
    problem_type = _problem_type(params, metadata, findings)
    if splits and target:
        check_target(splits, target, problem_type, findings)
        findings.facts |= _rows_of_test(splits, row_column, target)
    if metadata is not None:
        _check_columns(metadata, splits, target, row_column, findings)
        _check_counts(metadata, splits, findings)
        check_left_out(params, metadata.get('feature_columns'), findings)
    if not (workspace / 'prep/report.md').is_file():
        findings.warnings.append('prep/report.md is missing: say there what was decided and why.')
    else:
        check_report(workspace, 'prep/report.md', findings)
    if not (workspace / PIPELINE).is_file():
        findings.errors.append(f'{PIPELINE} is missing: save the fitted pipeline with joblib.dump.')
        return
    rows = rows_to_try(context, params, splits.get('train'), findings)
    check_transformed(transformed(context, rows, target, params, fresh), findings)


def _rows_of_test(splits: dict[str, Split], row_column: str | None, target: str) -> dict[str, str]:
    test = splits.get('test')
    if test is None or row_column is None or target not in test.schema.names:
        return {}
    rows = pq.read_table(test.path, columns=[row_column, target]).to_pandas()
    return tested_rows(rows, row_column, target)


def _target(params: dict[str, Any], metadata: dict[str, Any] | None, findings: Findings) -> str:
    requested = str(params.get('target') or '')
    named = str((metadata or {}).get('target_column') or (metadata or {}).get('target') or '')
    if metadata is not None:
        findings.check(
            bool(named),
            f'metadata.json names the target {named!r}.',
            'prep/data/metadata.json does not name target_column: add it.',
        )
    if requested and named and requested.strip() != named:
        findings.errors.append(
            f"metadata.json names the target {named!r}, but the experiment's target is {requested!r}: "
            'prepare the data for that one.'
        )
    return named or requested


def _problem_type(params: dict[str, Any], metadata: dict[str, Any] | None, findings: Findings) -> str:
    if metadata is None:
        return ''
    named = str(metadata.get('problem_type') or '')
    aliases = {
        'classification': 'binary' if len(metadata.get('classes') or []) == 2 else 'multiclass',
        'binary_classification': 'binary',
        'multiclass_classification': 'multiclass',
    }
    kind = aliases.get(named, named)
    findings.check(
        kind in _PROBLEM_TYPES,
        f'metadata.json names the problem type {kind}.',
        f'prep/data/metadata.json names the problem_type {named!r}: it must be binary, multiclass or regression.',
    )
    requested = str(params.get('problem_type') or '')
    if requested in _PROBLEM_TYPES and kind in _PROBLEM_TYPES and requested != kind:
        findings.errors.append(
            f'metadata.json says {kind}, but the experiment asks for {requested}: prepare the target for {requested}.'
        )
    findings.facts['problem_type'] = kind
    return kind


def _check_columns(
    metadata: dict[str, Any],
    splits: dict[str, Split],
    target: str,
    row_column: str | None,
    findings: Findings,
) -> None:
    columns, features = metadata.get('columns'), metadata.get('feature_columns')
    if isinstance(columns, dict):
        columns = list(columns)
    for key, value in (('columns', columns), ('feature_columns', features)):
        if not isinstance(value, list) or not value:
            findings.errors.append(f'prep/data/metadata.json does not list {key}: add the list of names.')
    if (
        not splits
        or not isinstance(features, list)
        or not isinstance(columns, list)
        or not features
        or not columns
    ):
        return
    there = next(iter(splits.values())).schema.names
    missing = [name for name in features if name not in there]
    unknown = [name for name in columns if name not in there]
    unlisted = [name for name in there if name not in columns and name != row_column]
    good = findings.check(
        not missing and not unknown,
        f'metadata.json names {len(columns):,} columns and {len(features):,} features, and the splits have them.',
        f'metadata.json names columns that the splits lack: {listed(missing or unknown)}. Write '
        "the names of the splits' columns.",
    )
    if unlisted:
        findings.errors.append(
            f'The splits have columns that metadata.json does not name in columns: {listed(unlisted)}.'
        )
    wrong = [name for name in features if name in (target, row_column)]
    if wrong:
        findings.errors.append(
            f'feature_columns holds {listed(wrong)}, which models must not use: take it out.'
        )
    if good and not wrong:
        findings.facts |= {'columns': columns, 'feature_columns': features, 'target_column': target}


def _check_counts(metadata: dict[str, Any], splits: dict[str, Split], findings: Findings) -> None:
    """The row counts of metadata.json must be those of the splits and add up."""
    nested: dict[str, Any] = next(
        (metadata[key] for key in ('rows', 'row_counts', 'splits') if isinstance(metadata.get(key), dict)), {}
    )
    counts = {
        name: _count(metadata.get(f'{name}_rows', nested.get(name, nested.get(f'{name}_rows'))))
        for name in NAMES
    }
    total = _count(metadata.get('total_rows', nested.get('total')))
    lacking = [f'{name}_rows' for name, count in counts.items() if count is None] + (
        ['total_rows'] if total is None else []
    )
    if lacking:
        findings.errors.append(
            f'prep/data/metadata.json does not give {listed(lacking)}: add the row counts.'
        )
        return
    wrong = [
        f'{name}_rows is {counts[name]:,}, the file has {split.rows:,}'
        for name, split in splits.items()
        if counts[name] != split.rows
    ]
    summed = sum(count or 0 for count in counts.values())
    if summed != total:
        wrong.append(f"total_rows is {total:,}, the splits' counts add up to {summed:,}")
    findings.check(
        not wrong,
        f'The row counts of metadata.json are right: {total:,} in all.',
        f'The row counts of metadata.json are wrong: {"; ".join(wrong)}. Count after writing the splits.',
    )
    dropped = metadata.get('dropped_rows')
    uploaded = _count(metadata.get('dataset_rows'))
    if uploaded is not None and isinstance(dropped, dict):
        lost = uploaded - (total or 0) - sum(_count(value) or 0 for value in dropped.values())
        if lost:
            findings.warnings.append(
                f'{lost:,} rows of the upload are neither in a split nor in dropped_rows.'
            )
    findings.facts |= {'total_rows': total, **{f'{name}_rows': counts[name] for name in NAMES}}
    findings.facts['quality_stats'] = metadata.get('quality_stats') or {}


def _count(value: Any) -> int | None:
    if isinstance(value, dict):
        value = value.get('rows', value.get('n_rows'))
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
        return None
    return int(value)
