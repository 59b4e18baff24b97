"""From the cells of a column to its plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from .distinct import Distinct, distinct_of
from .draft import Draft, Subject
from .marks import Marks, locale_of, read_marks
from .missing import tokens_among_values
from .naming import safe_keys
from .numeric import numeric_draft
from .parse import Parsed, parse_cells
from .plan import ColumnPlan, Form
from .raw import Cells, RawTable
from .temporal import first_of_dates, temporal_draft
from .typed import typed_draft
from .wordy import wordy_draft

_EXAMPLES = 5


def understand_columns(table: RawTable, delimiter: str) -> tuple[ColumnPlan, ...]:
    """The plans of a table's columns, in order. Marks and forms of dates that one proves hold for those left open."""
    keys = safe_keys(table.names)
    distincts = [None if _is_typed(cells) else distinct_of(cells) for cells in table.columns]
    locale = locale_of([_marks(distinct) for distinct in distincts if distinct], delimiter)
    first = _first_of_dates(distincts)
    plans = []
    for position, (name, key, cells) in enumerate(zip(table.names, keys, table.columns, strict=True)):
        distinct = distincts[position]
        subject = Subject(name, key, distinct or distinct_of(_texts(cells)), locale, first)
        plans.append(_plan(subject, position, cells))
    return tuple(plans)


def _is_typed(cells: Cells) -> bool:
    return isinstance(cells, pa.Array) and not pa.types.is_string(cells.type)


def _texts(cells: Cells) -> Cells:
    """Typed arrays as texts, for what their texts tell; nested ones as Python values."""
    if isinstance(cells, pa.Array):
        if pa.types.is_dictionary(cells.type):
            cells = cells.dictionary_decode()
        if pa.types.is_nested(cells.type) or pa.types.is_binary(cells.type):
            return list(cells.to_pylist())
        try:
            return cells.cast(pa.string())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            return list(cells.to_pylist())
    return cells


def _marks(distinct: Distinct) -> Marks:
    tokens = {token.text for token in tokens_among_values(distinct)}
    return read_marks(distinct.without(tokens).sample[:500])


def _first_of_dates(distincts: Sequence[Distinct | None]) -> str:
    votes = [first for distinct in distincts if distinct and (first := first_of_dates(distinct))]
    return votes[0] if votes and len(set(votes)) == 1 else ''


def _plan(subject: Subject, position: int, cells: Cells) -> ColumnPlan:
    draft = _draft(subject, cells)
    parsed = parse_cells(draft.form, cells)
    plan = ColumnPlan(
        name=subject.name,
        key=subject.key,
        position=position,
        kind=draft.kind,
        form=draft.form,
        missing=draft.missing,
        sentinels=draft.sentinels,
        unit=draft.unit,
        zone='UTC' if draft.form.zoned else '',
        levels=draft.levels,
        rows=subject.rows,
        gaps=int(parsed.gaps.sum()),
        distinct=len(subject.distinct.texts),
        evidence=tuple(draft.evidence),
        questions=tuple(draft.questions),
    )
    return _finished(plan, parsed, cells)


def _draft(subject: Subject, cells: Cells) -> Draft:
    if not subject.distinct.filled:
        draft = Draft('empty', Form())
        draft.found('kind', 'no cell holds anything', rows=subject.rows)
        return draft
    typed = typed_draft(subject, cells)
    if typed:
        return typed
    return temporal_draft(subject) or numeric_draft(subject) or wordy_draft(subject)


def _finished(plan: ColumnPlan, parsed: Parsed, cells: Cells) -> ColumnPlan:
    """With what only the parsed values tell: what did not parse, and whether all values are one."""
    stray = ~parsed.known & ~parsed.gaps
    filled = plan.rows - plan.gaps
    if stray.any():
        examples = dict.fromkeys(str(cells[int(place)]) for place in stray.nonzero()[0][:200])
        plan = replace(
            plan, unparsed=float(stray.sum()) / max(1, filled), unparsed_examples=tuple(examples)[:_EXAMPLES]
        )
    if plan.kind != 'empty' and plan.distinct == 1 and not plan.gaps and plan.rows > 1:
        return replace(plan, kind='constant')
    if plan.kind != 'empty' and plan.rows and plan.gaps == plan.rows:
        return replace(plan, kind='empty')
    return plan
