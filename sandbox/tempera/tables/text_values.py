"""What a text of one value holds, by a column's form: a label, a number, a moment. Each reader gives the values of all
texts, and which of them are values."""

from __future__ import annotations

import numpy as np

from .cells import clocks, durations, natives, numbers, sums, years
from .cells.texts import Texts, folded, trimmed
from .dates import written
from .plan import Form


def read_labels(texts: Texts, form: Form) -> tuple[np.ndarray, np.ndarray]:
    """Texts as they are, or the label that the plan gives them."""
    values = trimmed(texts)
    if not form.labels:
        return np.asarray(values.to_numpy(zero_copy_only=False)), np.ones(len(texts), dtype=bool)
    words = folded(texts).to_pylist()
    plain = values.to_pylist()
    labels = [form.labels.get(word, text) for word, text in zip(words, plain, strict=True)]
    return np.array(labels, dtype=object), np.ones(len(texts), dtype=bool)


def read_integers(texts: Texts, form: Form) -> tuple[np.ndarray, np.ndarray]:
    """Whole numbers, years by their formats, and numbers with parts where the column may have them."""
    values, known = numbers.read_integers(texts, form)
    if form.formats and not known.all():
        named, are = years.read(texts, form)
        values, known = np.where(known, values, named), known | are
    if form.parts and not known.all():
        parts, are = numbers.read(texts, form)
        finite = are & np.isfinite(parts)
        if (finite & ~known).any():
            return np.where(known, values, parts), known | finite
    return values, known


def read_floats(texts: Texts, form: Form) -> tuple[np.ndarray, np.ndarray]:
    """Numbers, sums of pieces, times of day and spans, whichever the form names."""
    if form.clock in clocks.DIGITS:
        return clocks.read(texts, form)
    values, known = numbers.read(texts, form)
    if form.pieces and not known.all():
        added, are = sums.read(texts, form)
        values, known = np.where(known, values, added), known | are
    if form.clock == 'half' and not known.all():
        hours, are = written.read_clock(texts, form)
        values, known = np.where(known, values, hours), known | are
    elif form.clock and not known.all():
        spans, are = durations.read(texts, form)
        values, known = np.where(known, values, spans), known | are
    return values, known


def read_moments(texts: Texts, form: Form) -> tuple[np.ndarray, np.ndarray]:
    """Dates and times by their formats, and numbers that count from an epoch."""
    values, known = written.read(texts, form)
    if form.epoch and not known.all():
        figures, _ = numbers.read(texts, form)
        from_numbers = natives.from_epoch(figures, form.epoch)
        values = np.where(known, values, from_numbers)
        known = ~np.isnat(values)
    return values, known
