"""A column read as another kind than its cells tell, because somebody has decided so.

A value still depends on its cell and the plan alone: only the form changes, and with it how each cell is parsed.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from .plan import ColumnPlan, Evidence, Form, Kind

#: kinds as which any column can be read
KINDS: tuple[Kind, ...] = ('category', 'text', 'number')
_MOST_LEVELS = 200


def as_kind(column: ColumnPlan, kind: str) -> ColumnPlan:
    """The column as that kind; itself where it is of it, or where no column can be read as it at will."""
    if kind == column.kind or kind not in KINDS:
        return column
    if kind == 'number':
        form = replace(column.form, type='float', parts=True, labels={}, true=(), false=())
    else:
        form = Form(missing=column.form.missing)
    evidence = (*column.evidence, Evidence('kind', 'it was decided so'))
    return replace(
        column,
        kind=kind,
        form=form,
        levels=(),
        sentinels=column.sentinels if kind == 'number' else (),
        unit=column.unit if kind == 'number' else '',
        zone='',
        evidence=evidence,
        questions=(),
    )


def with_levels(column: ColumnPlan, values: pd.Series) -> ColumnPlan:
    """A column of texts with its labels by frequency."""
    counts = values.dropna().map(str).value_counts()
    ordered = sorted(counts.items(), key=lambda one: (-one[1], str(one[0])))
    levels = (
        tuple(str(label) for label, _ in ordered[:_MOST_LEVELS])
        if column.kind == 'category'
        else column.levels
    )
    return replace(column, levels=levels, distinct=len(counts))
