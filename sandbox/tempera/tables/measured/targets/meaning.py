"""What predicting a column means."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from ...plan import ColumnPlan, TablePlan
from ..findings import Problem, TargetFinding
from .amounts import of_numbers
from .labels import is_labels, of_labels, several_labels


def understand_target(
    plan: TablePlan, frame: pd.DataFrame, name: str, problem: Problem | None = None
) -> TargetFinding:
    """What predicting the column `name` of a typed frame means; `problem` where a person has decided it.

    KeyError where there is no such column.
    """
    column = plan.column(name)
    values = frame[column.name]
    without = int(values.isna().sum())
    known = values.dropna()
    base = TargetFinding(column.name, column.key, 'regression', 'number', '', rows_without=without)
    if column.kind == 'list':
        return several_labels(base, known)
    as_labels = is_labels(column, known) if problem is None else problem != 'regression'
    finding = of_labels(base, column, known) if as_labels else of_numbers(base, plan, column, known)
    if problem is not None and finding.problem != problem:
        finding = replace(
            finding, problem=problem, meaning='classes' if problem == 'multiclass' else finding.meaning
        )
    return replace(
        finding,
        folded=_folded(column),
        warnings=finding.warnings + _of_unparsed(column) + _of_gaps(column, without, len(values)),
    )


def _folded(column: ColumnPlan) -> dict[str, tuple[str, ...]]:
    spellings: dict[str, list[str]] = {}
    for spelling, label in column.form.labels.items():
        spellings.setdefault(label, []).append(spelling)
    return {label: tuple(forms) for label, forms in spellings.items() if len(forms) > 1}


def _of_unparsed(column: ColumnPlan) -> tuple[str, ...]:
    """Cells of the target that are none of its values: a third label of a row, a word among numbers."""
    if not column.unparsed:
        return ()
    shown = ', '.join(f'`{text}`' for text in column.unparsed_examples[:3])
    return (
        f'Cells such as {shown} are no value of `{column.name}`: their rows cannot be learned and are left out.',
    )


def _of_gaps(column: ColumnPlan, without: int, rows: int) -> tuple[str, ...]:
    if without == 0:
        return ()
    written = ', '.join(f'`{token.text}` in {token.count:,}' for token in column.missing if token.text)
    spelling = f' ({written})' if written else ''
    return (f'{without:,} of {rows:,} rows have no value of the target{spelling}: they are left out.',)
