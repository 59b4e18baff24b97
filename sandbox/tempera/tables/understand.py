"""`understand(file)`: the plan of a table, from its bytes alone."""

from __future__ import annotations

from pathlib import Path

from .columns import understand_columns
from .delimited import understand_delimited
from .limits import DEFAULT, Limits
from .naming import unique_names
from .plan import FilePlan, TablePlan
from .raw import RawTable


def understand(file: str | Path, limits: Limits = DEFAULT) -> TablePlan:
    """The plan of the table in a file. TableError says what is wrong with it and how to mend it."""
    path = Path(file)
    data = path.read_bytes()
    layout = understand_delimited(data, path.name, limits)
    names, renamed = unique_names(layout.table.names)
    table = RawTable(names, layout.table.columns, layout.table.positions)
    plan = FilePlan(
        name=path.name,
        kind='delimited',
        parts=(layout.part,),
        bytes=len(data),
        has_header=bool(layout.part.header),
        rows=layout.part.rows,
        rows_used=layout.part.rows_used,
        renamed=renamed,
        evidence=layout.evidence,
    )
    return TablePlan(plan, understand_columns(table, plan.delimiter))
