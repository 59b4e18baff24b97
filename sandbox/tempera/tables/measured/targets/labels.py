"""A target of labels: whether it is one, which are its classes, and which are too rare."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ...plan import Choice, ColumnPlan, Question
from .. import words
from ..findings import Meaning, Problem, TargetFinding
from ..quick import NUMERIC, numbers, texts_of

#: a label of so few rows cannot be learned and judged: it would stand in one split alone
TOO_RARE_ROWS = 2
#: share of the rows that two labels must have among them for other numbers to be slips of the pen
COMMON_SHARE = 0.95
#: fewer rows of a class than these say too little about a model
FEW_ROWS = 20
#: more labels than these are no classes
MOST_CLASSES = 60
#: whole numbers with more values than these are numbers and no classes
MOST_NUMBER_CLASSES = 12
#: fewer steps than these have no middle
_FEWEST_STEPS = 7
_SHOWN_LABELS = 50


def labels_of(values: pd.Series) -> pd.Series:
    """The target's values as texts: what classes are told apart by."""
    return texts_of(values)


def is_labels(column: ColumnPlan, known: pd.Series) -> bool:
    """Whether a target of this kind names classes."""
    if column.kind not in NUMERIC:
        return True
    distinct = known.nunique()
    if distinct <= 2:
        return True
    common = _without_rare(known)
    if len(common) == 2 and common.sum() > COMMON_SHARE * len(known):
        return True
    figures = numbers(known)
    if (
        distinct > MOST_NUMBER_CLASSES
        or not (figures.dropna() % 1 == 0).all()
        or column.kind in ('money', 'percent')
    ):
        return False
    return not _is_amount(column, figures)


def _is_amount(column: ColumnPlan, figures: pd.Series) -> bool:
    """Whether a few whole numbers are an amount, where more means more, and not the names of classes."""
    found = words.words_of(column.name)
    # `c-class-flares` are flares: what a name is of stands at one of its ends
    if words.says(column.name, words.CLASS) and (
        len(found) < 3 or words.says(f'{found[0]} {found[-1]}', words.CLASS)
    ):
        return False
    if words.says(column.name, words.COUNT | words.ORDINAL) or column.kind == 'count':
        return True
    counts = figures.value_counts().sort_index()
    if len(counts) < 4:
        return False
    if _is_a_hill(counts):
        return True
    # numbers of events fall off: the commonest is the least or near it, and the last ones are rare
    at = int(np.argmax(counts.to_numpy()))
    falls = (np.diff(counts.to_numpy()[at:]) <= 0).mean() >= 0.8
    return bool(figures.min() >= 0 and at <= 2 and falls and counts.iloc[-1] < 0.2 * counts.max())


def _is_a_hill(counts: pd.Series) -> bool:
    """Steps of a scale, each of them taken: few at both ends, most between, as measured amounts are."""
    figures = counts.index.to_numpy(dtype='float64')
    rows = counts.to_numpy(dtype='float64')
    if len(rows) < _FEWEST_STEPS or not (np.diff(figures) == 1).all():
        return False
    smooth = np.convolve(rows, np.ones(3) / 3, mode='valid')
    top = int(np.argmax(smooth))
    rises = (np.diff(smooth[: top + 1]) >= 0).mean() if top else 0.0
    falls = (np.diff(smooth[top:]) <= 0).mean() if top < len(smooth) - 1 else 0.0
    return bool(rises >= 0.8 and falls >= 0.8 and rows.max() >= 3 * max(rows[0], rows[-1], 1))


def of_labels(base: TargetFinding, column: ColumnPlan, known: pd.Series) -> TargetFinding:
    """The finding where the target names classes; labels of a row or two are named and left out."""
    counts = labels_of(known).value_counts()
    counts = counts.iloc[np.lexsort((counts.index.astype(str), -counts.to_numpy()))]
    # a label of a row or two among many rows of others: a slip of the pen more often than a class
    rare = {
        str(label): int(rows)
        for label, rows in counts.items()
        if rows <= TOO_RARE_ROWS and len(counts) > 2 and len(known) >= 20 * (TOO_RARE_ROWS + 1)
    }
    if len(rare) > len(counts) / 2:
        rare = {}
    left = counts[[label for label in counts.index if str(label) not in rare]]
    problem: Problem = 'binary' if len(left) <= 2 else 'multiclass'
    ordered = column.kind == 'ordinal' and len(left) > 2
    meaning: Meaning = 'binary' if problem == 'binary' else ('ordinal' if ordered else 'classes')
    because = f'it has {len(left)} labels' + (' in an order' if ordered else '')
    return replace(
        base,
        problem=problem,
        meaning=meaning,
        because=because,
        labels={str(label): int(rows) for label, rows in left.head(_SHOWN_LABELS).items()},
        too_rare=rare,
        warnings=_of_rare(rare) + _of_few(left),
        questions=_about_too_many(base, left),
    )


def _without_rare(known: pd.Series) -> pd.Series:
    counts = labels_of(known).value_counts()
    return counts[counts > TOO_RARE_ROWS] if len(known) >= 20 * (TOO_RARE_ROWS + 1) else counts


def _of_rare(rare: dict[str, int]) -> tuple[str, ...]:
    return tuple(
        f'The label `{label}` stands in {"one row" if rows == 1 else f"{rows} rows"} alone: it '
        'cannot be learned, '
        f'and {"that row is" if rows == 1 else "those rows are"} left out.'
        for label, rows in rare.items()
    )


def _of_few(counts: pd.Series) -> tuple[str, ...]:
    if counts.empty or counts.min() >= FEW_ROWS or len(counts) > FEW_ROWS:
        return ()
    label, rows = str(counts.idxmin()), int(counts.min())
    each = rows * 0.15
    doubt = 'no score' if len(counts) == 2 else f'no score of `{label}`'
    return (
        f'Only {rows} of {int(counts.sum()):,} rows are `{label}`: a test of 15 % of the rows holds about '
        f'{each:.1f} of them, so that {doubt} can be trusted. Collect more of them, or predict '
        'something commoner.',
    )


def _about_too_many(base: TargetFinding, counts: pd.Series) -> tuple[Question, ...]:
    if len(counts) <= MOST_CLASSES:
        return ()
    return (
        Question(
            'target',
            f'`{base.name}` has {len(counts)} different labels, too many to be told apart. '
            'Which column should be predicted?',
        ),
    )


def several_labels(base: TargetFinding, known: pd.Series) -> TargetFinding:
    """The finding where a cell holds several labels at once."""
    items = pd.Series(
        [
            str(item)
            for row in known
            for item in (row if isinstance(row, list | tuple | np.ndarray) else [row])
        ]
    )
    counts = items.value_counts().sort_index().sort_values(ascending=False, kind='stable').head(_SHOWN_LABELS)
    chosen = [
        Choice(str(label), f'whether a row holds `{label}` ({int(rows):,} rows do)')
        for label, rows in counts.head(8).items()
    ]
    if chosen:
        chosen[0] = replace(chosen[0], recommended=True)
    return replace(
        base,
        problem='binary',
        meaning='several_labels',
        because='its cells hold several labels at once',
        labels={str(label): int(rows) for label, rows in counts.items()},
        warnings=(
            f'Cells of `{base.name}` hold several labels each: a model here tells one of them from the rest.',
        ),
        questions=(
            Question(
                'target.label',
                f'Cells of `{base.name}` hold several labels, as `{_shown(known)}`. Which one should be '
                'predicted?',
                tuple(chosen),
            ),
        ),
    )


def _shown(known: pd.Series) -> str:
    return ', '.join(str(item) for item in next((row for row in known if len(row) > 1), known.iloc[0]))
