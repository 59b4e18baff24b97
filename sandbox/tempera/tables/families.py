"""Columns that are one series under numbered names: `pixel1` … `pixel784`, `att0` … `att215`.

Some of a series have few different values by chance, as the corners of an image have; they are what the others are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from .plan import ColumnPlan, Evidence

#: fewer columns of one stem are no series
LEAST = 5
#: of a series, so many columns must be plain numbers
_MOST = 0.5
_STEM = re.compile(r'(.*?)[ _.-]?\d+$')
_NUMERIC = ('integer', 'number', 'count', 'constant', 'boolean')


def as_families(plans: Sequence[ColumnPlan]) -> tuple[ColumnPlan, ...]:
    """The plans, those of a series of numbers as numbers."""
    series: dict[str, list[ColumnPlan]] = {}
    for plan in plans:
        stem = _STEM.fullmatch(plan.name)
        if stem and plan.kind in _NUMERIC:
            series.setdefault(stem[1], []).append(plan)
    alike = {stem: held for stem, held in series.items() if len(held) >= LEAST and _are_numbers(held)}
    members = {plan.name: (stem, len(held)) for stem, held in alike.items() for plan in held}
    return tuple(_as_member(plan, *members[plan.name]) if plan.name in members else plan for plan in plans)


def _are_numbers(held: Sequence[ColumnPlan]) -> bool:
    return sum(
        1 for plan in held if plan.kind in ('integer', 'number', 'count') and not plan.levels
    ) > _MOST * len(held)


def _as_member(plan: ColumnPlan, stem: str, count: int) -> ColumnPlan:
    if not plan.levels:
        return plan
    found = Evidence('levels', f'one of {count} columns [{stem}…] that are numbers', {'columns': count})
    return replace(plan, levels=(), evidence=(*plan.evidence, found))
