"""Reads the three splits that prep leaves, by batches, and compares them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .. import ToolError
from ..uploads.parquet_checks import check_footer
from .findings import Findings, listed

NAMES = ('train', 'val', 'test')
_SOURCE_ROW_NAMES = (
    '__source_row',
    '_source_row',
    'source_row',
    '__row',
    'row_number',
    '__row_number',
    'row_id',
    '__index',
)


@dataclass(frozen=True)
class Split:
    """One readable split."""

    name: str
    path: Path
    rows: int
    schema: pa.Schema


def open_splits(workspace: Path, findings: Findings) -> dict[str, Split]:
    """The splits that are there and readable; each other one is an error."""
    found: dict[str, Split] = {}
    for name in NAMES:
        path = workspace / 'prep/data' / f'{name}.parquet'
        shown = f'prep/data/{name}.parquet'
        if not path.is_file():
            findings.errors.append(
                f"{shown} is missing: write it with DataFrame.to_parquet('{shown}', index=False)."
            )
            continue
        try:
            check_footer(path, shown)
            file = pq.ParquetFile(path)
            schema = file.schema_arrow.remove_metadata()
            for _ in file.iter_batches(batch_size=65_536):
                pass
            found[name] = Split(name, path, file.metadata.num_rows, schema)
        except (ToolError, pa.ArrowException, OSError, ValueError) as error:
            findings.errors.append(f'{shown} cannot be read ({str(error)[:200]}): write it again.')
    if len(found) == len(NAMES):
        findings.passed.append('The three splits exist and can be read.')
    empty = [split.name for split in found.values() if split.rows == 0]
    if empty:
        findings.errors.append(f'These splits are empty: {listed(empty)}. Give every split some rows.')
    elif found:
        findings.passed.append(
            'No split is empty: '
            + ', '.join(f'{split.name} {split.rows:,}' for split in found.values())
            + ' rows.'
        )
    return found


def check_schemas(splits: dict[str, Split], findings: Findings) -> None:
    """All splits must have the same columns, in the same order, of the same types."""
    if len(splits) < 2:
        return
    first = next(iter(splits.values()))
    problems: list[str] = []
    for split in splits.values():
        extra = [name for name in split.schema.names if name not in first.schema.names]
        lacking = [name for name in first.schema.names if name not in split.schema.names]
        if extra or lacking:
            problems.append(
                f'{split.name} differs from {first.name} in the columns {listed(extra + lacking)}'
            )
        elif split.schema.names != first.schema.names:
            problems.append(f'{split.name} has its columns in another order than {first.name}')
        else:
            changed = [
                f'{a.name} ({b.type} instead of {a.type})'
                for a, b in zip(first.schema, split.schema, strict=True)
                if a.type != b.type
            ]
            if changed:
                problems.append(f'{split.name} differs from {first.name} in the types of {listed(changed)}')
    findings.check(
        not problems,
        f'The splits have the same {len(first.schema.names):,} columns and types.',
        f'The splits do not have the same columns and types: {"; ".join(problems)}. Cast before '
        'writing, the same for all three.',
    )


def source_row_column(splits: dict[str, Split], metadata: dict[str, Any] | None) -> str | None:
    """The column that holds a row's number in the upload."""
    named = str((metadata or {}).get('source_row_column') or '')
    for name in (named, *_SOURCE_ROW_NAMES):
        if name and splits and all(name in split.schema.names for split in splits.values()):
            return name
    return None


def check_source_rows(splits: dict[str, Split], column: str | None, findings: Findings) -> None:
    """No row of the upload may be in two splits."""
    if column is None:
        findings.errors.append(
            'The splits do not say which row of the upload each row is: add the column __source_row '
            '(int64, counted from 0 '
            'before any row is dropped) to all three.'
        )
        return
    numbers: dict[str, np.ndarray] = {}
    for split in splits.values():
        values = pq.read_table(split.path, columns=[column]).column(0)
        if values.null_count or not (pa.types.is_integer(values.type) or pa.types.is_floating(values.type)):
            findings.errors.append(
                f"{column} in {split.name} must be a whole number in every row: set it from the upload's row number."
            )
            return
        numbers[split.name] = values.to_numpy()
        repeated = len(numbers[split.name]) - len(np.unique(numbers[split.name]))
        if repeated:
            findings.warnings.append(
                f'{repeated:,} rows of {split.name} repeat a source row of the same split (fine for '
                'oversampling of train only).'
            )
    problems = []
    for left, right in _pairs(numbers):
        shared = np.intersect1d(numbers[left], numbers[right])
        if len(shared):
            problems.append(f'{len(shared):,} in both {left} and {right} (such as row {int(shared[0])})')
    findings.check(
        not problems,
        'No source row is in two splits.',
        f'Source rows are in two splits: {"; ".join(problems)}. Split first, and copy no row from '
        'one split to another.',
    )


def count_equal_rows(splits: dict[str, Split], leave_out: str | None, findings: Findings) -> None:
    """Rows that are equal in all columns but the row number, across splits: a warning with their count."""
    hashes = {split.name: _row_hashes(split, leave_out) for split in splits.values()}
    counts = {
        f'{left} and {right}': int(np.isin(hashes[right], np.unique(hashes[left])).sum())
        for left, right in _pairs(hashes)
    }
    findings.facts['equal_rows_across_splits'] = sum(counts.values())
    found = [f'{count:,} of {names}' for names, count in counts.items() if count]
    if found:
        findings.warnings.append(
            f'Equal rows stand in two splits: {"; ".join(found)}. Duplicates of the upload make the '
            'test easier; think about dropping or grouping them.'
        )
    else:
        findings.passed.append('No row of one split equals a row of another.')


def check_target(splits: dict[str, Split], target: str, problem_type: str, findings: Findings) -> None:
    """The target must be in every split, without gaps, and vary in train."""
    lacking = [split.name for split in splits.values() if target not in split.schema.names]
    if lacking:
        findings.errors.append(
            f'The target {target!r} is missing in {listed(lacking)}: keep it in every split.'
        )
        return
    findings.passed.append(f'The target {target!r} is in every split.')
    values = {split.name: pq.read_table(split.path, columns=[target]).column(0) for split in splits.values()}
    gaps = [f'{name} ({column.null_count:,})' for name, column in values.items() if column.null_count]
    if gaps:
        findings.errors.append(
            f'The target has missing values in {listed(gaps)}: drop those rows before splitting.'
        )
    if 'train' not in values:
        return
    distinct = len(set(pc.unique(values['train']).to_pylist()) - {None})
    findings.check(
        distinct > 1,
        f'The target takes {distinct:,} values in train.',
        'The target is constant in train: nothing can be learned. Stratify the split, or take another target.',
    )
    if problem_type in ('binary', 'multiclass'):
        known = set(pc.unique(values['train']).to_pylist())
        for name in ('val', 'test'):
            unseen = set(pc.unique(values[name]).to_pylist()) - known - {None} if name in values else set()
            if unseen:
                findings.warnings.append(
                    f'{name} holds {len(unseen)} class(es) that train lacks: {listed(sorted(map(str, unseen)))}.'
                )


def _pairs(named: dict[str, Any]) -> list[tuple[str, str]]:
    names = list(named)
    return [(left, right) for at, left in enumerate(names) for right in names[at + 1 :]]


def _row_hashes(split: Split, leave_out: str | None) -> np.ndarray:
    columns = [name for name in split.schema.names if name != leave_out]
    if not columns:
        return np.zeros(0, dtype=np.uint64)
    parts = [np.zeros(0, dtype=np.uint64)]
    for batch in pq.ParquetFile(split.path).iter_batches(batch_size=32_768, columns=columns):
        frame = batch.to_pandas()
        for name in frame.columns:
            if frame[name].dtype == object:
                frame[name] = frame[name].map(str)
        parts.append(pd.util.hash_pandas_object(frame, index=False, categorize=True).to_numpy())
    return np.concatenate(parts)
