"""`read(file, plan)`: the typed frame of a table, by its plan."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .archive import unpack
from .delimited import read_delimited
from .errors import UnreadableTable
from .joins import joined
from .json_records import read_json, read_lines
from .limits import DEFAULT, Limits
from .naming import unique_names
from .parquet import read_parquet
from .parse import parse
from .parts import combine, with_folders
from .plan import FileKind, FilePlan, PartPlan, TablePlan
from .raw import RawTable
from .understand import Files, paths_of
from .workbook import read_workbook


def read(file: Files, plan: TablePlan, limits: Limits = DEFAULT) -> pd.DataFrame:
    """The rows that the plan uses, typed as it says; the index is each row's position in the file."""
    table = read_raw(file, plan, limits)
    index = pd.Index(table.positions)
    series = {
        column.name: parse(column, cells).set_axis(index)
        for column, cells in zip(plan.columns, table.columns, strict=True)
    }
    return pd.DataFrame(series, index=index)


def read_raw(file: Files, plan: TablePlan, limits: Limits = DEFAULT) -> RawTable:
    """The cells as they stand in the file, of the rows that the plan uses."""
    paths = paths_of(file)
    members: dict[str, bytes] = {}
    for path in paths:
        for member in unpack(path.read_bytes(), path.name, limits).members:
            members[member.name or (path.name if len(paths) > 1 else '')] = member.data
    beside = {name for join in plan.file.joins for name in join.taken}
    own = tuple(name for name in plan.names if name not in beside)
    tables = [_part(members, plan.file, part, part.names or own) for part in plan.file.parts]
    held = tuple(dict.fromkeys(name for table in tables for name in table.names))
    rows = combine(tables, [part.rows for part in plan.file.parts], held)
    for join in plan.file.joins:
        rows = joined(rows, _part(members, plan.file, join.part, join.part.names), join)
    return combine([rows], [plan.file.rows], plan.names)


def _part(members: Mapping[str, bytes], file: FilePlan, part: PartPlan, names: tuple[str, ...]) -> RawTable:
    """One stretch of rows, its columns called `names`, or as they are called there."""
    if part.member not in members:
        raise UnreadableTable(f'[{file.name}] has no member [{part.member}] any more; understand it again.')
    width = part.fields or len(names)
    raw = _cells(members[part.member], part.kind or file.kind, part, names[:width], file.name)
    given = names or unique_names(raw.names)[0]
    table = RawTable(tuple(given[: len(raw.columns)]), raw.columns, raw.positions)
    return with_folders(table, part.member, names[len(raw.columns) :])


def _cells(data: bytes, kind: FileKind, part: PartPlan, names: tuple[str, ...], name: str) -> RawTable:
    if kind == 'delimited':
        return read_delimited(data, part, names)
    if kind == 'workbook':
        return read_workbook(data, name, part, names)
    if kind == 'parquet':
        return read_parquet(data, name)
    return read_json(data, name, part, names) if kind == 'json' else read_lines(data, part)
