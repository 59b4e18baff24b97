"""Several stretches of rows as one table: parts of an archive, sheets, files given for training and for testing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from .layout import Layout
from .naming import unique_names
from .raw import Cells, RawTable, joined

_ROLES = (
    ('train', re.compile(r'(?:^|[^a-z])train(?:ing|set)?(?:[^a-z]|$)')),
    ('validation', re.compile(r'(?:^|[^a-z])(?:val|valid|validation|dev)(?:[^a-z]|$)')),
    ('test', re.compile(r'(?:^|[^a-z])(?:test|testing|holdout|eval|evaluation|score|unseen)(?:[^a-z]|$)')),
)
#: columns that a part may lack, such as the answers of a test
_MOST_LACKING = 3


@dataclass
class Together:
    """Parts that are one table, and those that are not, with why."""

    layouts: list[Layout]
    table: RawTable
    renamed: dict[str, str]
    others: dict[str, str] = field(default_factory=dict)


def together(layouts: Sequence[Layout]) -> Together:
    """The parts of one table: those with the same columns as the largest, or with nearly all of them."""
    named: list[tuple[Layout, dict[str, str]]] = []
    for layout in layouts:
        names, renamed = unique_names(layout.table.names)
        table = RawTable(names, layout.table.columns, layout.table.positions)
        named.append((replace(layout, table=table), renamed))
    base, renamed = max(named, key=lambda one: _weight(one[0]))
    taken: list[Layout] = []
    others: dict[str, str] = {}
    for layout, _ in named:
        if layout is base or _belongs(layout, base):
            taken.append(_as_part(layout, base))
        else:
            others[layout.part.member or layout.part.sheet] = (
                f'its columns are others: {", ".join(layout.table.names[:6])}'
            )
    _only_roles_that_differ(taken)
    return Together(taken, combine([one.table for one in taken], [one.part.rows for one in taken], base.table.names),
                    renamed, others)  # fmt: skip


def combine(tables: Sequence[RawTable], rows: Sequence[int], names: tuple[str, ...]) -> RawTable:
    """Tables one behind the other, with the columns of these names; what a table lacks are gaps."""
    whole = [table if table.names == names else _arranged(table, names) for table in tables]
    before = [sum(rows[:place]) for place in range(len(rows))]
    return joined(whole, before)


def _arranged(table: RawTable, names: tuple[str, ...]) -> RawTable:
    held: Mapping[str, Cells] = dict(zip(table.names, table.columns, strict=True))
    columns = tuple(held[name] if name in held else pa.nulls(len(table), pa.string()) for name in names)
    return RawTable(names, columns, table.positions)


def _weight(layout: Layout) -> tuple[bool, int, int]:
    """The widest of the tables with many rows is the one that the others are parts of."""
    fields = len(layout.table.names)
    return _role(layout.part.member) != 'test', fields * len(layout.table), fields


def _belongs(layout: Layout, base: Layout) -> bool:
    names, wanted = set(layout.table.names), set(base.table.names)
    if names == wanted:
        return True
    role = _role(layout.part.member)
    lacking = len(wanted - names)
    return bool(role) and names < wanted and lacking <= _MOST_LACKING and lacking < 0.5 * len(wanted)


def _as_part(layout: Layout, base: Layout) -> Layout:
    same = layout.table.names == base.table.names
    part = replace(layout.part, role=_role(layout.part.member), names=() if same else layout.table.names)
    return replace(layout, part=part)


def _role(member: str) -> str:
    plain = re.sub(r'([a-z])([A-Z])', r'\1 \2', member).lower()
    return next((role for role, pattern in _ROLES if pattern.search(plain)), '')


def _only_roles_that_differ(taken: list[Layout]) -> None:
    """A word such as `test` in every name, or in one of a kind, says nothing."""
    roles = {layout.part.role for layout in taken}
    if len(roles) < 2:
        taken[:] = [replace(layout, part=replace(layout.part, role='')) for layout in taken]
