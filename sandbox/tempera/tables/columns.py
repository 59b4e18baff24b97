"""From the cells of a column to its plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from .dates.columns import first_of_dates, temporal_draft
from .distinct import Distinct, distinct_of
from .draft import Draft, Subject
from .families import as_families
from .marks import Marks, locale_of, read_marks
from .missing import tokens_among_values
from .naming import safe_keys
from .notations import notation_draft
from .numeric import numeric_draft
from .parse import parse_cells, parse_distinct
from .plan import ColumnPlan, Form
from .raw import Cells, RawTable, whole
from .typed import typed_draft
from .wordy import wordy_draft

_EXAMPLES = 5
#: cells of a column that are looked at for the file's locale
_SAMPLE_CELLS = 1_000
#: the same, of all columns together, and of each at least
_SAMPLE_ALL, _LEAST_SAMPLE = 100_000, 20


def understand_columns(
    table: RawTable, delimiter: str, expected: Sequence[str] | None = None
) -> tuple[ColumnPlan, ...]:
    """The plans of a table's columns, in order, or of those that are `expected`, in theirs. Marks and forms of dates
    that one proves hold for those left open."""
    keys = safe_keys(table.names)
    # a wide table proves its locale by fewer cells of each column
    most = max(_LEAST_SAMPLE, min(_SAMPLE_CELLS, _SAMPLE_ALL // max(1, len(table.columns))))
    samples = [_sample(cells, most) for cells in table.columns]
    locale = locale_of([_marks(sample) for sample in samples if sample], delimiter)
    first = _first_of_dates(samples)
    del samples
    places = {name: place for place, name in enumerate(table.names)}
    plans = []
    for name in table.names if expected is None else expected:
        cells = whole(table.columns[places[name]])
        distinct = distinct_of(_texts(cells) if _is_typed(cells) else cells)
        subject = Subject(name, keys[places[name]], distinct, locale, first)
        plans.append(_plan(subject, places[name], cells))
    return as_families(plans)


def _sample(cells: Cells, most: int) -> Distinct | None:
    """Of cells here and there in a column of texts: enough to see how the file writes numbers and dates."""
    if _is_typed(cells):
        return None
    step = max(1, len(cells) // most)
    some = (
        cells[::step]
        if isinstance(cells, list)
        else cells.take(pa.array(range(0, len(cells), step), pa.int64()))
    )
    return distinct_of(some)


def _is_typed(cells: Cells) -> bool:
    return isinstance(cells, pa.Array | pa.ChunkedArray) and not pa.types.is_string(cells.type)


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
        distinct=len(subject.distinct.texts),
        evidence=tuple(draft.evidence),
        questions=tuple(draft.questions),
    )
    if isinstance(cells, pa.Array) and pa.types.is_string(cells.type):
        return _finished(plan, *_counted(draft, subject.distinct))
    return recounted(plan, cells)


def recounted(plan: ColumnPlan, cells: Cells) -> ColumnPlan:
    """With what only the parsed cells tell: gaps, what does not parse, and whether all values are one."""
    parsed = parse_cells(plan.form, cells)
    stray = np.flatnonzero(~parsed.known & ~parsed.gaps)
    examples = dict.fromkeys(str(cells[int(place)]) for place in stray[:200])
    return _finished(plan, int(parsed.gaps.sum()), len(stray), tuple(examples))


def _draft(subject: Subject, cells: Cells) -> Draft:
    if not subject.distinct.filled:
        draft = Draft('empty', Form())
        draft.found('kind', 'no cell holds anything', rows=subject.rows)
        return draft
    typed = typed_draft(subject, cells)
    if typed:
        return typed
    return (
        notation_draft(subject) or temporal_draft(subject) or numeric_draft(subject) or wordy_draft(subject)
    )


def _counted(draft: Draft, distinct: Distinct) -> tuple[int, int, tuple[str, ...]]:
    """Gaps, cells that do not parse, and some of these: by the distinct texts, each of which parses as its cells do."""
    if draft.form.type == 'text' and not draft.missing:
        return distinct.blanks, 0, ()
    if draft.stray is not None:
        gaps = distinct.blanks + sum(token.count for token in draft.missing if token.text)
        return gaps, sum(draft.stray.values()), tuple(draft.stray)[:_EXAMPLES]
    parsed = parse_distinct(draft.form, distinct.texts)
    stray = ~parsed.known & ~parsed.gaps
    examples = distinct.texts.take(pa.array(np.flatnonzero(stray)[:_EXAMPLES])).to_pylist()
    gaps = distinct.blanks + int(distinct.counts[parsed.gaps].sum())
    return gaps, int(distinct.counts[stray].sum()), tuple(examples)


def _finished(plan: ColumnPlan, gaps: int, stray: int, examples: tuple[str, ...]) -> ColumnPlan:
    """With what only the parsed values tell: what did not parse, and whether all values are one."""
    unparsed = stray / max(1, plan.rows - gaps)
    plan = replace(plan, gaps=gaps, unparsed=unparsed, unparsed_examples=examples[:_EXAMPLES])
    if plan.kind != 'empty' and plan.rows and plan.gaps == plan.rows:
        return replace(plan, kind='empty')
    if plan.kind != 'empty' and plan.distinct == 1 and not plan.gaps and plan.rows > 1:
        return replace(plan, kind='constant')
    return plan
