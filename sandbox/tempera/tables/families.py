"""Columns that are one series under numbered names: `pixel1` … `pixel784`, `att0` … `att215`.

Some of a series have few different values by chance, as the corners of an image have; they are what the others are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from .naming import is_made_up
from .plan import ColumnPlan, Evidence

#: fewer columns of one stem are no series
LEAST = 5
#: of a series, so many columns must be plain numbers
_MOST = 0.5
#: more values than these are no codes where several columns have them
_FEW_LEVELS = 12
_STEM = re.compile(r'(.*?)(?:[ _.-]?\d+)+')
_NUMERIC = ('integer', 'number', 'count', 'constant', 'boolean')


def as_families(plans: Sequence[ColumnPlan]) -> tuple[ColumnPlan, ...]:
    """The plans, those of a series of numbers as numbers."""
    series: dict[str, list[ColumnPlan]] = {}
    for plan in plans:
        # places are no series: unnamed columns have nothing in common
        stem = None if is_made_up(plan.name) else _STEM.fullmatch(plan.name)
        if stem and plan.kind in _NUMERIC:
            series.setdefault(stem[1], []).append(plan)
    alike = {stem: held for stem, held in series.items() if len(held) >= LEAST and _are_numbers(held)}
    members = {plan.name: (stem, len(held)) for stem, held in alike.items() for plan in held}
    return tuple(_as_member(plan, *members[plan.name]) if plan.name in members else plan for plan in plans)


def _are_numbers(held: Sequence[ColumnPlan]) -> bool:
    measured = [
        plan
        for plan in held
        if plan.kind in ('integer', 'number', 'count') and not 0 < len(plan.levels) <= _FEW_LEVELS
    ]
    return len(measured) > _MOST * len(held)


def _as_member(plan: ColumnPlan, stem: str, count: int) -> ColumnPlan:
    if not plan.levels and plan.kind != 'boolean':
        return plan
    found = Evidence('levels', f'one of {count} columns [{stem}…] that are numbers', {'columns': count})
    kind = 'integer' if plan.kind == 'boolean' and plan.form.type == 'integer' else plan.kind
    return replace(plan, kind=kind, levels=(), evidence=(*plan.evidence, found))
