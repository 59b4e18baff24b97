"""Tables joined by a key: the columns of another table beside each row, where it has one row for the row's key.

A key is a column, or a few, that both tables have by name, or `customer_id` beside the `id` of `customers.csv`. In the
other table no two rows have the same key, and most of the rows find theirs. Where it has several rows for a key nothing
is joined, and what could be done is asked: a sum, a mean and a count are different tables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from .cells import natives
from .cells.texts import strings, trimmed
from .layout import Layout
from .naming import unique_names
from .plan import Choice, JoinPlan, Question
from .raw import Cells, RawTable, whole

#: share of the rows with a key that find theirs, from which on a table is joined
_ENOUGH = 0.5
#: columns that a key may have
_LONGEST_KEY = 3
#: columns of both tables that keys are made of
_MOST_SHARED = 6
_FEWEST_ROWS = 2


@dataclass(frozen=True)
class Joined:
    """A table that is joined, or why it is not; `question` where a person could say how."""

    plan: JoinPlan | None = None
    why: str = ''
    question: Question | None = None


def find_join(rows: RawTable, other: Layout, taken: Sequence[str]) -> Joined:
    """How `other` stands to the rows: joined by the key that most rows find, or why not. `taken` are names in use."""
    table = RawTable(unique_names(other.table.names)[0], other.table.columns, other.table.positions)
    new = [name for name in table.names if name not in rows.names]
    keys = _keys(rows.names, table.names, other.part.member or other.part.sheet)
    if not keys or not new or len(table) < _FEWEST_ROWS:
        return Joined()
    best: Joined | None = None
    repeated: tuple[str, ...] = ()
    for key, other_key in keys:
        there = _texts_of(table, other_key)
        if pc.count_distinct(there, mode='only_valid').as_py() < len(there) - there.null_count:
            repeated = repeated or other_key
            continue
        here = _texts_of(rows, key)
        found = pc.index_in(here, value_set=there)
        matched, keyed = len(found) - found.null_count, len(here) - here.null_count
        if best is None or best.plan is None or matched > best.plan.matched:
            part = replace(other.part, names=table.names, kind=other.kind)
            columns = _names_beside(table.names, other_key, taken, other)
            best = Joined(JoinPlan(part, key, other_key, columns, matched, keyed))
    if best is not None and best.plan is not None:
        plan = best.plan
        if plan.matched >= _ENOUGH * max(1, plan.keyed):
            return best
        return Joined(
            why=f'only {plan.matched} of {plan.keyed} rows find their [{", ".join(plan.key)}] in it'
        )
    return _several_rows(other, repeated) if repeated else Joined()


def joined(rows: RawTable, other: RawTable, plan: JoinPlan) -> RawTable:
    """The rows with the other table's columns beside them, gaps where none has the row's key."""
    places = pc.index_in(_texts_of(rows, plan.key), value_set=_texts_of(other, plan.other_key))
    names, columns = list(rows.names), list(rows.columns)
    for name, given, cells in zip(other.names, plan.columns, other.columns, strict=True):
        if name not in plan.other_key:
            names.append(given)
            columns.append(_taken(whole(cells), places))
    return RawTable(tuple(names), tuple(columns), rows.positions)


def description(plan: JoinPlan) -> str:
    """As a person reads it: which table, by which key, and how many rows found theirs."""
    name = plan.part.member or plan.part.sheet
    by = ', '.join(
        one if one == other else f'{one} = {other}'
        for one, other in zip(plan.key, plan.other_key, strict=True)
    )
    lone = plan.keyed - plan.matched
    beside = f'; {lone:,} find none and have gaps there' if lone else ''
    count = len(plan.taken)
    return (
        f'[{name}] is joined by [{by}], one row of it for each: {plan.matched:,} of {plan.keyed:,} rows found '
        f'theirs{beside}; it adds {count} column{"s" * (count != 1)}'
    )


def _keys(
    rows: Sequence[str], other: Sequence[str], title: str
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Pairs of columns that could be a key, the shortest first."""
    bare = {_bare(name): name for name in reversed(rows)}
    shared = [(bare[_bare(name)], name) for name in other if _bare(name) in bare][:_MOST_SHARED]
    stem = _singular(_bare(PurePosixPath(title).stem))
    own = [
        (bare[f'{stem}id'], name) for name in other if _bare(name) in ('id', 'key') and f'{stem}id' in bare
    ]
    if own:
        # both count their rows: an order's number is no customer's
        shared = [
            (one, name) for one, name in shared if (one, name) not in own and _bare(name) != _bare(own[0][1])
        ]
    single = [((one,), (name,)) for one, name in [*own, *shared]]
    several = [
        (tuple(one for one, _ in some), tuple(name for _, name in some))
        for size in range(2, _LONGEST_KEY + 1)
        for some in combinations(shared, size)
    ]
    return [*single, *several]


def _bare(name: str) -> str:
    return re.sub(r'[\W_]+', '', name.lower()) or name


def _singular(word: str) -> str:
    return re.sub(r'ie$', 'y', re.sub(r's$', '', word))


def _texts_of(table: RawTable, key: Sequence[str]) -> pa.StringArray:
    """The key of each row as one text; a gap where a part of it holds nothing."""
    parts = [_plain(whole(table.columns[table.names.index(name)])) for name in key]
    return parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, '\x1f')


def _plain(cells: Cells) -> pa.StringArray:
    if isinstance(cells, pa.Array) and pa.types.is_string(cells.type):
        texts = cells
    else:
        values = cells.to_pylist() if isinstance(cells, pa.Array) else cells
        texts = pa.array([_text(value) for value in values], pa.string())
    texts = trimmed(strings(texts))
    return pc.if_else(pc.equal(texts, ''), None, texts)


def _text(value: Any) -> str | None:
    """`7` for 7 and 7.0: a workbook holds a number where a text file holds its digits."""
    if natives.is_gap(value):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, str) else natives.as_text(value)


def _taken(cells: Cells, places: pa.Array) -> Cells:
    if isinstance(cells, pa.Array):
        return cells.take(places)
    return [None if place is None else cells[place] for place in places.to_pylist()]


def _names_beside(
    names: Sequence[str], key: Sequence[str], taken: Sequence[str], other: Layout
) -> tuple[str, ...]:
    """Names for the other table's columns: their own, with the table's where another column has it already."""
    held = set(taken)
    title = PurePosixPath(other.part.member or other.part.sheet).stem
    found = []
    for name in names:
        if name not in key and name in held:
            name = next(
                one for at in range(len(held) + 1) if (one := f'{name} ({title}{at or ""})') not in held
            )
        held.add(name)
        found.append(name)
    return tuple(found)


def _several_rows(other: Layout, key: tuple[str, ...]) -> Joined:
    name, by = other.part.member or other.part.sheet, ', '.join(key)
    question = Question(
        f'file.join.{_bare(name)}',
        f'`{name}` has several rows for each `{by}`. Shall they be left out?',
        (
            Choice('leave_out', 'The table is read without them.', recommended=True),
            Choice(
                'aggregate',
                f'Give `{name}` with one row for each `{by}`, such as a count, a sum or the last one: '
                'it is then joined.',
                outside=True,
            ),
        ),
    )
    return Joined(why=f'it has several rows for each [{by}]', question=question)


def rows_found(plan: JoinPlan) -> dict[str, int]:
    """The numbers that the evidence of a join rests on."""
    return {'matched': plan.matched, 'keyed': plan.keyed, 'rows': plan.part.rows_used}
