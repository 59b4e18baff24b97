"""Several stretches of rows as one table: parts of an archive, sheets, files given for training and for testing, and
other tables joined to them by a key."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from urllib.parse import unquote

import pyarrow as pa

from .joins import find_join, joined
from .layout import Layout
from .naming import unique_names
from .plan import JoinPlan, Question
from .raw import Cells, RawTable, one_behind_the_other
from .shapes import profile

_ROLES = (
    ('train', re.compile(r'(?:^|[^a-z])train(?:ing|set)?(?:[^a-z]|$)')),
    ('validation', re.compile(r'(?:^|[^a-z])(?:val|valid|validation|dev)(?:[^a-z]|$)')),
    ('test', re.compile(r'(?:^|[^a-z])(?:test|testing|holdout|eval|evaluation|score|unseen)(?:[^a-z]|$)')),
)
#: columns that a part may lack, such as the answers of a test
_MOST_LACKING = 3
#: cells of a column that show what it holds
_LOOKED_AT = 200


@dataclass
class Together:
    """Parts that are one table, tables that are joined to it, and those that are neither, with why."""

    layouts: list[Layout]
    table: RawTable
    renamed: dict[str, str]
    joins: list[JoinPlan] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)


def together(layouts: Sequence[Layout]) -> Together:
    """The parts of one table: those with the same columns as the largest, or with nearly all of them."""
    named = [_named(layout) for layout in _with_names_of_the_first(layouts)]
    base, renamed = max(named, key=lambda one: _weight(one[0]))
    taken: list[Layout] = []
    left: list[Layout] = []
    for layout, _ in named:
        own = layout is base or (not layout.beside and _belongs(layout, base))
        (taken if own else left).append(_as_part(layout, base) if own else layout)
    _only_roles_that_differ(taken)
    table = combine([one.table for one in taken], [one.part.rows for one in taken], base.table.names)
    found = Together(taken, table, renamed)
    for layout in left:
        _beside(found, layout)
    return found


def _named(layout: Layout) -> tuple[Layout, dict[str, str]]:
    names, renamed = unique_names(layout.table.names)
    table = with_folders(RawTable(names, layout.table.columns, layout.table.positions), layout.part.member)
    return replace(layout, table=table), renamed


def _beside(found: Together, layout: Layout) -> None:
    """Joins another table where a key leads to it, else says why it is none of this one's."""
    title = layout.part.member or layout.part.sheet
    join = find_join(found.table, layout, found.table.names)
    if join.plan is None:
        why = join.why or layout.beside or f'its columns are others: {", ".join(layout.table.names[:6])}'
        if not (layout.beside and not join.why):
            found.others[title] = why
        found.questions += [join.question] if join.question else []
        return
    found.joins.append(join.plan)
    found.layouts = [_without_sheet(one, title) if layout.beside else one for one in found.layouts]
    found.table = joined(found.table, layout.table, join.plan)


def _without_sheet(layout: Layout, title: str) -> Layout:
    """A sheet that is joined is none that was left."""
    other = {sheet: why for sheet, why in layout.part.other_sheets.items() if sheet != title}
    return replace(layout, part=replace(layout.part, other_sheets=other))


def _with_names_of_the_first(layouts: Sequence[Layout]) -> list[Layout]:
    """Parts without names, as a file cut into pieces has them, are called as the part with names of their width is."""
    heads = [one for one in layouts if one.part.header and not one.beside]
    made = []
    for layout in layouts:
        like = next((one for one in heads if _continues(layout, one)), None)
        made.append(replace(layout, table=replace(layout.table, names=like.table.names)) if like else layout)
    return made


def _continues(layout: Layout, head: Layout) -> bool:
    part = layout.part
    if (
        part.header
        or layout.kind != 'delimited'
        or head.kind != 'delimited'
        or part.fields != head.part.fields
    ):
        return False
    mine, other = ([profile(_first_cells(cells)) for cells in one.table.columns] for one in (layout, head))
    return all(
        one.shape == two.shape or 'blank' in (one.shape, two.shape) or not (one.typed or two.typed)
        for one, two in zip(mine, other, strict=True)
    )


def _first_cells(cells: Cells) -> list[str]:
    return [cell or '' for cell in cells.slice(0, _LOOKED_AT).to_pylist()]


def with_folders(table: RawTable, member: str, called: Sequence[str] = ()) -> RawTable:
    """With a column for each folder that is named like `region=north`, as partitioned tables are kept."""
    held = [folder.partition('=') for folder in PurePosixPath(member).parts[:-1]]
    found = {name: value for name, mark, value in held if mark and name and name not in table.names}
    if not found:
        return table
    columns = [pa.array([unquote(value)] * len(table), pa.string()) for value in found.values()]
    names = called if len(called) == len(found) else tuple(found)
    return RawTable((*table.names, *names), (*table.columns, *columns), table.positions)


def combine(tables: Sequence[RawTable], rows: Sequence[int], names: tuple[str, ...]) -> RawTable:
    """Tables one behind the other, with the columns of these names; what a table lacks are gaps."""
    whole = [table if table.names == names else _arranged(table, names) for table in tables]
    before = [sum(rows[:place]) for place in range(len(rows))]
    return one_behind_the_other(whole, before)


def _arranged(table: RawTable, names: tuple[str, ...]) -> RawTable:
    held: Mapping[str, Cells] = dict(zip(table.names, table.columns, strict=True))
    columns = tuple(held[name] if name in held else pa.nulls(len(table), pa.string()) for name in names)
    return RawTable(names, columns, table.positions)


def _weight(layout: Layout) -> tuple[bool, bool, int, int]:
    """The widest of the tables with many rows is the one that the others are parts of."""
    fields = len(layout.table.names)
    return not layout.beside, _role(layout.part.member) != 'test', fields * len(layout.table), fields


def _belongs(layout: Layout, base: Layout) -> bool:
    names, expected = set(layout.table.names), set(base.table.names)
    if names == expected:
        return True
    role = _role(layout.part.member)
    lacking = len(expected - names)
    return bool(role) and names < expected and lacking <= _MOST_LACKING and lacking < 0.5 * len(expected)


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
