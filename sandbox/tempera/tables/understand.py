"""`understand(file)`: the plan of a table, from its bytes alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from . import joins
from .archive import Member, kind_of, unpack
from .columns import understand_columns
from .delimited import understand_delimited
from .errors import EmptyTable, TableError
from .json_records import understand_json, understand_lines
from .layout import Layout
from .limits import DEFAULT, Limits, check_size
from .parquet import understand_parquet
from .parts import Together, together
from .plan import ColumnPlan, Evidence, FileKind, FilePlan, PartPlan, TablePlan
from .raw import RawTable
from .workbook import understand_workbook

Files = str | Path | Sequence[str | Path]
Chosen = Callable[[Sequence[str]], Sequence[str]]


def understand(file: Files, limits: Limits = DEFAULT) -> TablePlan:
    """The plan of the table in a file, or in several that hold its rows. TableError says what is wrong with them."""
    return understand_cells(file, limits)[0]


def understand_cells(
    file: Files, limits: Limits = DEFAULT, chosen: Chosen | None = None
) -> tuple[TablePlan, RawTable]:
    """As `understand`, with the cells that the plan uses; `chosen` says by their names which columns are asked for, and
    the plan then has these alone, as it has them among all."""
    plan, parts = locate(file, limits)
    table = parts.table
    names = table.names if chosen is None else tuple(chosen(table.names))
    columns = _with_evidence(understand_columns(table, plan.delimiter, names), parts)
    if chosen is not None:
        places = [table.names.index(name) for name in names]
        table = RawTable(names, tuple(table.columns[place] for place in places), table.positions)
    return TablePlan(plan, columns), table


def locate(file: Files, limits: Limits = DEFAULT) -> tuple[FilePlan, Together]:
    """Where the rows of the table stand, and its cells; what they mean is not asked."""
    paths = paths_of(file)
    layouts: list[Layout] = []
    packed: tuple[str, ...] = ()
    others: dict[str, str] = {}
    size = 0
    for path in paths:
        size += path.stat().st_size
        found = _inside(path, len(paths) > 1, limits)
        packed = packed or found.packed
        others.update(found.others)
        layouts += found.layouts
    if not layouts:
        raise EmptyTable(
            f'[{paths[0].name}] holds no table{_reasons(others)}. Give a file with rows under names.'
        )
    # what cutting has set aside beside the cells
    pa.default_memory_pool().release_unused()
    parts = together(layouts)
    others.update(parts.others)
    name = ', '.join(path.name for path in paths)
    rows = sum(layout.part.rows for layout in parts.layouts)
    check_size(rows, len(parts.table.names), limits, name)
    return _file(name, parts, packed, others, size), parts


@dataclass
class _Found:
    """What one file gave; its bytes are gone by then, as only one file's are held at a time."""

    packed: tuple[str, ...]
    others: dict[str, str]
    layouts: list[Layout]


def _inside(path: Path, among_others: bool, limits: Limits) -> _Found:
    inside = unpack(path.read_bytes(), path.name, limits)
    found = _Found(inside.packed, dict(inside.others), [])
    alone = not among_others and len(inside.members) == 1
    for member in inside.members:
        name = member.name or (path.name if among_others else '')
        layouts, why = _tried(Member(name, member.data), path.name, limits, alone)
        found.layouts += layouts
        if why:
            found.others[name] = why
    return found


def layouts_of(member: Member, name: str, limits: Limits) -> list[Layout]:
    """Where the rows of one file stand; several for a workbook with sheets of the same columns."""
    shown = f'{name}: {member.name}' if member.name and member.name != name else name
    kind = kind_of(member.data)
    if kind == 'parquet':
        return [understand_parquet(member.data, shown, limits, member.name)]
    if kind == 'workbook':
        return understand_workbook(member.data, shown, limits, member.name)
    if kind == 'json':
        return [understand_json(member.data, shown, limits, member.name)]
    if kind == 'jsonl':
        return [understand_lines(member.data, shown, limits, member.name)]
    return [understand_delimited(member.data, shown, limits, member.name)]


def paths_of(file: Files) -> list[Path]:
    """One path, or several, as paths."""
    return [Path(file)] if isinstance(file, str | Path) else [Path(one) for one in file]


def _tried(member: Member, name: str, limits: Limits, alone: bool) -> tuple[list[Layout], str]:
    """A member beside others may be no table at all; a file by itself has to be one."""
    try:
        return layouts_of(member, name, limits), ''
    except TableError as error:
        if alone or error.code == 'TABLE_TOO_LARGE':
            raise
        return [], f'it cannot be read: {error}'


def _file(name: str, parts: Together, packed: tuple[str, ...], others: dict[str, str], size: int) -> FilePlan:
    first = parts.layouts[0]
    evidence = list(dict.fromkeys(one.because for layout in parts.layouts for one in layout.evidence))
    held = {one.because: one for layout in parts.layouts for one in layout.evidence}
    found = [held[because] for because in evidence]
    if len(parts.layouts) > 1:
        shown = ', '.join(one.part.member or one.part.sheet for one in parts.layouts[:5])
        found.append(Evidence('parts', f'{len(parts.layouts)} parts hold rows of one table: {shown}'))
    found += [Evidence('join', joins.description(join), joins.rows_found(join)) for join in parts.joins]
    return FilePlan(
        name=name,
        kind=first.kind,
        parts=tuple(_of_kind(layout.part, layout.kind, first.kind) for layout in parts.layouts),
        joins=tuple(parts.joins),
        bytes=size,
        packed=packed,
        has_header=bool(first.part.header) or first.kind in ('json', 'jsonl', 'parquet'),
        index=first.index,
        others=others,
        rows=sum(layout.part.rows for layout in parts.layouts),
        rows_used=sum(layout.part.rows_used for layout in parts.layouts),
        renamed=parts.renamed,
        evidence=tuple(found),
        questions=(
            *(question for layout in parts.layouts for question in layout.questions),
            *parts.questions,
        ),
    )


def _of_kind(part: PartPlan, kind: FileKind, first: FileKind) -> PartPlan:
    return part if kind == first else replace(part, kind=kind)


def _reasons(others: dict[str, str]) -> str:
    return (
        ' (' + '; '.join(f'{member}: {why}' for member, why in list(others.items())[:5]) + ')'
        if others
        else ''
    )


def _of_columns(parts: Together) -> list[tuple[int, Evidence]]:
    return [one for layout in parts.layouts for one in layout.of_columns]


def _with_evidence(columns: tuple[ColumnPlan, ...], parts: Together) -> tuple[ColumnPlan, ...]:
    by_position: dict[int, list[Evidence]] = {}
    for position, evidence in _of_columns(parts):
        by_position.setdefault(position, []).append(evidence)
    return tuple(
        replace(column, evidence=(*column.evidence, *by_position[column.position]))
        if column.position in by_position
        else column
        for column in columns
    )
