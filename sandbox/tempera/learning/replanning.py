"""A file's own plan with its cells as they are written."""

from __future__ import annotations

from dataclasses import replace

from ..tables.plan import Form, TablePlan


def as_texts(own: TablePlan) -> TablePlan:
    """The file `own`, every column as texts: what a person sees again beside a prediction."""
    return replace(
        own, columns=tuple(replace(column, kind='text', form=Form(type='text')) for column in own.columns)
    )
