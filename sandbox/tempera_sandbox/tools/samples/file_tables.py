"""The tables that a file holds, as `tempera.tables` finds them: each sheet, each member of an archive, is one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from tempera.tables.archive import Member, unpack
from tempera.tables.errors import EmptyTable, TableError
from tempera.tables.layout import Layout
from tempera.tables.limits import Limits
from tempera.tables.understand import layouts_of

from .. import ToolError, limits
from ..uploads.refusals import NESTED, NESTED_REMEDY, invalid, unreadable
from ..uploads.upload_checks import check_upload


@dataclass(frozen=True)
class FileTables:
    """A file's tables by name, and what of it is none, in sentences."""

    layouts: dict[str, Layout]
    left_out: list[str]


def tables_of(path: Path, shown: str, max_columns: int, max_bytes: int) -> FileTables:
    """Every table of a file; one that holds none has none, and says why. Raises INVALID_DATASET for a file that is
    damaged, hostile, or no table at all."""
    if path.stat().st_size == 0:
        return FileTables({}, ['The file is empty (0 bytes).'])
    try:
        bounds = replace(
            check_upload(path, shown, max_columns, max_bytes),
            rows=limits.MAX_SAMPLED_ROWS,
            cells=limits.MAX_SAMPLED_CELLS,
        )
        return _found(path, shown, bounds)
    except TableError as error:
        raise unreadable(error, path.name, shown) from error
    except RecursionError as error:
        raise invalid(shown, NESTED, NESTED_REMEDY) from error


def table_named(found: FileTables, name: str, shown: str) -> Layout:
    """The table of that name; of the empty name the largest. Raises NOT_FOUND."""
    if name == '' and found.layouts:
        return max(found.layouts.values(), key=lambda one: one.part.rows_used * one.part.fields)
    layout = found.layouts.get(name)
    if layout is None:
        there = ', '.join(repr(one)[:80] for one in list(found.layouts)[:20]) or 'none'
        raise ToolError('NOT_FOUND', f'{shown}: there is no table {name!r:.200}. Its tables are: {there}.')
    return layout


def _found(path: Path, shown: str, bounds: Limits) -> FileTables:
    inside = unpack(path.read_bytes(), path.name, bounds)
    found = FileTables({}, [f'{member}: {why}.' for member, why in list(inside.others.items())])
    alone = len(inside.members) == 1
    for member in inside.members:
        for layout in _layouts(member, path.name, bounds, alone, found.left_out):
            _take(found, layout)
    return found


def _layouts(member: Member, name: str, bounds: Limits, alone: bool, left_out: list[str]) -> list[Layout]:
    try:
        return layouts_of(member, name, bounds)
    except EmptyTable as error:
        left_out.append(str(error))
    except TableError as error:
        if alone or error.code == 'TABLE_TOO_LARGE':
            raise
        left_out.append(f'{member.name}: it cannot be read: {error}')
    return []


def _take(found: FileTables, layout: Layout) -> None:
    part = layout.part
    sentences = [f'Sheet [{sheet}]: {why}.' for sheet, why in part.other_sheets.items() if _is_no_table(why)]
    found.left_out.extend(one for one in sentences if one not in found.left_out)
    name = '#'.join(one for one in (part.member, part.sheet) if one)
    if name in found.layouts:
        found.left_out.append(f'{name}: a second member of that name is not read.')
    else:
        found.layouts[name] = layout


def _is_no_table(why: str) -> bool:
    return not why.startswith('it holds another table')
