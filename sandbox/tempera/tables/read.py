"""`read(file, plan)`: the typed frame of a table, by its plan."""

from __future__ import annotations

import pandas as pd

from .archive import unpack
from .delimited import read_delimited
from .errors import UnreadableTable
from .json_records import read_json, read_lines
from .limits import DEFAULT, Limits
from .naming import unique_names
from .parquet import read_parquet
from .parse import parse
from .parts import combine
from .plan import FileKind, PartPlan, TablePlan
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
    tables = []
    for part in plan.file.parts:
        if part.member not in members:
            raise UnreadableTable(
                f'[{plan.file.name}] has no member [{part.member}] any more; understand it again.'
            )
        names = part.names or plan.names
        tables.append(_part(members[part.member], plan.file.kind, part, names, plan.file.name))
    return combine(tables, [part.rows for part in plan.file.parts], plan.names)


def _part(data: bytes, kind: FileKind, part: PartPlan, names: tuple[str, ...], name: str) -> RawTable:
    if kind == 'delimited':
        return read_delimited(data, part, names)
    if kind == 'workbook':
        return read_workbook(data, name, part, names)
    raw = {
        'parquet': lambda: read_parquet(data, name),
        'json': lambda: read_json(data, name, part, names),
        'jsonl': lambda: read_lines(data, part),
    }[kind]()
    return RawTable(part.names or unique_names(raw.names)[0], raw.columns, raw.positions)
