"""The ways in which a column can become features, where there is more than one, and which is taken by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pandas as pd

from ..measured.quick import MOST_LABELS as MOST_TEXT_LABELS
from ..measured.quick import NUMERIC, OFTEN_ALONE
from ..plan import Kind
from .encoder import MOST_LABELS

#: `number` as it is, `log` its logarithm; `labels` a feature for each common label, `means` the target's mean over each
#: label, `words` what the words and characters say; `parts` of a date, `elapsed` the time since the first alone
Way = Literal['number', 'log', 'labels', 'means', 'words', 'parts', 'elapsed']

_OF_LABELS: tuple[Way, ...] = ('labels', 'means', 'words')
_OF_MOMENTS: tuple[Way, ...] = ('parts', 'elapsed')
_OF_NUMBERS: tuple[Way, ...] = ('number', 'log')
_WAYS: Mapping[Kind, tuple[Way, ...]] = {
    **dict.fromkeys(('category', 'code', 'identifier', 'text'), _OF_LABELS),
    **dict.fromkeys(('date', 'datetime'), _OF_MOMENTS),
}


def ways_of(kind: Kind) -> tuple[Way, ...]:
    """In which a column of that kind can become features; none where there is one way alone."""
    return _WAYS.get(kind, _OF_NUMBERS if kind in NUMERIC else ())


def usual_way(kind: Kind, values: pd.Series) -> Way | None:
    """The way that is taken of a column with these training values; None where there is one way alone."""
    ways = ways_of(kind)
    return _of_labels(kind, values) if ways == _OF_LABELS else ways[0] if ways else None


def _of_labels(kind: Kind, values: pd.Series) -> Way:
    distinct = values.map(str).nunique()
    if distinct > MOST_TEXT_LABELS and (kind == 'text' or distinct > OFTEN_ALONE * len(values)):
        return 'words'
    return 'labels' if distinct <= MOST_LABELS else 'means'
