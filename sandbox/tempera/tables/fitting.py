"""Another file under a plan: its rows stand where they stand there, and mean what the plan's columns mean.

`fit(file, plan)` finds the other file's layout (it may have another delimiter, encoding or kind) and gives each column
of the plan its cells by name. Names that differ in case, blanks and marks only are the same name. Names that are merely
near are offered, never taken. What the plan has and the file lacks are gaps.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from .limits import DEFAULT, Limits
from .plan import TablePlan
from .restored_lines import with_lines
from .understand import Files, locate

#: how alike two names must be for one to be offered for the other
_NEAR = 0.75


@dataclass(frozen=True)
class Fitted:
    """A plan for the other file, and how its columns were matched."""

    plan: TablePlan
    #: columns of the plan that the file lacks; they are read as gaps
    missing: tuple[str, ...] = ()
    #: columns of the file that the plan does not know; they are not read
    extra: tuple[str, ...] = ()
    #: names that were taken for a column's although they are written otherwise: {column: name in the file}
    respelled: Mapping[str, str] = field(default_factory=dict)
    #: of missing columns the extra ones that may be meant
    near: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: the file has no names; its columns were taken in order
    by_position: bool = False


def fit(file: Files, plan: TablePlan, limits: Limits = DEFAULT) -> Fitted:
    """The plan's columns for the rows of another file. TableError where that holds no table."""
    located, together = locate(file, limits)
    located = with_lines(located, plan.file.restored)
    names = together.table.names
    by_position = not located.has_header and len(names) == len(plan.names)
    matched = dict(zip(names, plan.names, strict=True)) if by_position else _matched(names, plan.names)
    missing = tuple(name for name in plan.names if name not in matched.values())
    extra = tuple(name for name in names if name not in matched)
    beside = {name for join in located.joins for name in join.taken}
    own = tuple(name for name in names if name not in beside)
    calls = partial(_called, matched=matched, expected=frozenset(plan.names))
    parts = tuple(replace(part, names=tuple(map(calls, part.names or own))) for part in located.parts)
    joins = tuple(
        replace(join, key=tuple(map(calls, join.key)), columns=tuple(map(calls, join.columns)))
        for join in located.joins
    )
    return Fitted(
        plan=replace(plan, file=replace(located, parts=parts, joins=joins)),
        missing=missing,
        extra=extra,
        respelled={} if by_position else {to: name for name, to in matched.items() if name != to},
        near={name: near for name in missing if (near := _near(name, extra))},
        by_position=by_position,
    )


def _matched(names: Sequence[str], expected: Sequence[str]) -> dict[str, str]:
    """{name in the file: column}: the same name, else the one that is the same but for case, blanks and marks."""
    matched = {name: name for name in names if name in set(expected)}
    free = {_bare(name): name for name in expected if name not in matched.values()}
    for name in names:
        column = free.pop(_bare(name), None) if name not in matched else None
        if column is not None:
            matched[name] = column
    return matched


def _bare(name: str) -> str:
    return re.sub(r'[\W_]+', '', name.lower()) or name


def _near(name: str, extra: Sequence[str]) -> tuple[str, ...]:
    bare = {_bare(one): one for one in extra}
    return tuple(bare[one] for one in difflib.get_close_matches(_bare(name), list(bare), 3, _NEAR))


def _called(name: str, matched: Mapping[str, str], expected: frozenset[str]) -> str:
    """The plan's name of a column; an unknown one keeps its own, out of the way of the plan's."""
    return matched.get(name, f'{name} (extra)' if name in expected else name)
