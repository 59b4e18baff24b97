"""A file's own plan with other ways to parse its cells: where rows stand is the file's, what cells mean is not."""

from __future__ import annotations

from dataclasses import replace

from ..tables.plan import ColumnPlan, Form, TablePlan


def parsed_as(own: TablePlan, trained: TablePlan) -> TablePlan:
    """The file `own`, its columns parsed as those of the same name were when a model was trained."""
    known = {column.name: column for column in trained.columns}
    return replace(own, columns=tuple(_as_known(column, known.get(column.name)) for column in own.columns))


def as_texts(own: TablePlan) -> TablePlan:
    """The file `own` with its cells as they are written."""
    return replace(
        own, columns=tuple(replace(column, kind='text', form=Form(type='text')) for column in own.columns)
    )


def _as_known(column: ColumnPlan, known: ColumnPlan | None) -> ColumnPlan:
    return column if known is None else replace(known, position=column.position)
