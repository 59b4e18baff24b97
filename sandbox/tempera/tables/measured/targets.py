"""What is to be predicted: which columns it may be, and what predicting one of them means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ..plan import Choice, ColumnPlan, Question, TablePlan
from . import words
from .findings import Meaning, Problem, TargetCandidate, TargetFinding
from .quick import NUMERIC, numbers, texts_of

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
_SHOWN_LABELS = 50


def rank_targets(plan: TablePlan, frame: pd.DataFrame, most: int = 5) -> tuple[TargetCandidate, ...]:
    """The likeliest targets, best first, at least three where there are as many columns that could be one."""
    found = [_points_of(plan, column, frame[column.name]) for column in plan.columns]
    ranked = sorted((one for one in found if one is not None), key=lambda one: -one.points)
    return tuple(ranked[:most])


def understand_target(
    plan: TablePlan, frame: pd.DataFrame, name: str, problem: Problem | None = None
) -> TargetFinding:
    """What predicting the column `name` of a typed frame means; `problem` where a person has decided it.

    KeyError where there is no such column.
    """
    column = plan.column(name)
    values = frame[column.name]
    without = int(values.isna().sum())
    known = values.dropna()
    base = TargetFinding(column.name, column.key, 'regression', 'number', '', rows_without=without)
    if column.kind == 'list':
        return _several_labels(base, known)
    as_labels = _is_labels(column, known) if problem is None else problem != 'regression'
    finding = _of_labels(base, column, known) if as_labels else _of_numbers(base, plan, column, known)
    if problem is not None and finding.problem != problem:
        finding = replace(
            finding, problem=problem, meaning='classes' if problem == 'multiclass' else finding.meaning
        )
    return replace(
        finding,
        folded=_folded(column),
        warnings=finding.warnings + _of_unparsed(column) + _of_gaps(column, without, len(values)),
    )


def labels_of(values: pd.Series) -> pd.Series:
    """The target's values as texts: what classes are told apart by."""
    return texts_of(values)


def _is_labels(column: ColumnPlan, known: pd.Series) -> bool:
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
    if words.says(column.name, words.CLASS):
        return False
    if words.says(column.name, words.COUNT | words.ORDINAL) or column.kind == 'count':
        return True
    counts = figures.value_counts().sort_index()
    if len(counts) < 4:
        return False
    # numbers of events fall off: the commonest is the least or near it, and the last ones are rare
    at = int(np.argmax(counts.to_numpy()))
    falls = (np.diff(counts.to_numpy()[at:]) <= 0).mean() >= 0.8
    return bool(figures.min() >= 0 and at <= 2 and falls and counts.iloc[-1] < 0.2 * counts.max())


def _of_labels(base: TargetFinding, column: ColumnPlan, known: pd.Series) -> TargetFinding:
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
    return (
        f'Only {rows} of {int(counts.sum()):,} rows are `{label}`: a test of 15 % of the rows holds about '
        f'{each:.1f} of them, so that no score can be trusted. Collect more of them, or predict '
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


def _of_numbers(base: TargetFinding, plan: TablePlan, column: ColumnPlan, known: pd.Series) -> TargetFinding:
    figures = numbers(known).dropna()
    event = _event_of(plan, column)
    if event:
        return _censored(base, event)
    meaning, because = _meaning_of(column, figures)
    return replace(base, meaning=meaning, because=because)


def _meaning_of(column: ColumnPlan, figures: pd.Series) -> tuple[Meaning, str]:
    whole = bool((figures % 1 == 0).all())
    zeros = float((figures == 0).mean())
    if figures.min() < 0:
        return 'number', 'it is a number'
    counted = whole and figures.max() < 10_000 and column.kind in ('count', 'integer', 'number')
    if counted and (zeros > 0 or words.says(column.name, words.COUNT)) and figures.nunique() <= 1_000:
        if words.says(column.name, words.ORDINAL) and zeros == 0:
            return 'ordinal', 'it is a grade, where more means more'
        return (
            'count',
            f'it counts: whole numbers from {int(figures.min())} to {int(figures.max())}, 0 in '
            f'{zeros:.0%} of the rows',
        )
    if zeros >= 0.3:
        return 'zero_inflated', f'it is 0 in {zeros:.0%} of the rows and a positive number in the others'
    if words.says(column.name, words.ORDINAL) and figures.nunique() <= MOST_NUMBER_CLASSES:
        return 'ordinal', 'it is a grade, where more means more'
    if figures.min() > 0 and figures.skew() > 2 and abs(np.log(figures).skew()) < figures.skew() / 2:
        return 'heavy_tailed', 'it is positive, and a few values are far above the others'
    return 'number', 'it is a number'


def _event_of(plan: TablePlan, column: ColumnPlan) -> str:
    """The column that tells whether a time had ended when it was written down."""
    if not words.says(column.name, words.DURATION) and column.kind != 'duration':
        return ''
    for other in plan.columns:
        two = other.kind == 'boolean' or other.distinct == 2
        if other.name != column.name and two and words.says(other.name, words.EVENT):
            return other.name
    return ''


def _censored(base: TargetFinding, event: str) -> TargetFinding:
    choices = (
        Choice(
            'observed_only',
            f'only the rows in which `{event}` happened are learned from; `{event}` is no input. What '
            'is predicted is '
            'the time of those that ended, which is shorter than the time of all.',
            recommended=True,
        ),
        Choice('event', f'`{event}` is predicted instead, from what was known at the start.'),
        Choice('as_number', 'every time is taken as if it had ended: predictions will be too short.'),
    )
    return replace(
        base,
        meaning='censored',
        because=f'`{event}` says whether the time had ended: the others had only lasted that long so far',
        event=event,
        warnings=(
            f'`{event}` is known only afterwards, and where it did not happen `{base.name}` is not the '
            'whole time '
            '(it is censored): such rows are no observed times.',
        ),
        questions=(
            Question(
                'target.meaning',
                f'In some rows `{event}` had not happened yet, so that `{base.name}` is a lower bound there. '
                'What should be predicted?',
                choices,
            ),
        ),
    )


def _several_labels(base: TargetFinding, known: pd.Series) -> TargetFinding:
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


def _folded(column: ColumnPlan) -> dict[str, tuple[str, ...]]:
    spellings: dict[str, list[str]] = {}
    for spelling, label in column.form.labels.items():
        spellings.setdefault(label, []).append(spelling)
    return {label: tuple(forms) for label, forms in spellings.items() if len(forms) > 1}


def _of_unparsed(column: ColumnPlan) -> tuple[str, ...]:
    """Cells of the target that are none of its values: a third label of a row, a word among numbers."""
    if not column.unparsed:
        return ()
    shown = ', '.join(f'`{text}`' for text in column.unparsed_examples[:3])
    return (
        f'Cells such as {shown} are no value of `{column.name}`: their rows cannot be learned and are left out.',
    )


def _of_gaps(column: ColumnPlan, without: int, rows: int) -> tuple[str, ...]:
    if without == 0:
        return ()
    written = ', '.join(f'`{token.text}` in {token.count:,}' for token in column.missing if token.text)
    told = f' ({written})' if written else ''
    return (f'{without:,} of {rows:,} rows have no value of the target{told}: they are left out.',)


def _points_of(plan: TablePlan, column: ColumnPlan, values: pd.Series) -> TargetCandidate | None:
    """How likely a column is the target, with the reasons; None for one that cannot be."""
    known = values.dropna()
    rows, distinct = len(values), column.distinct
    if (
        column.kind in ('constant', 'empty', 'identifier', 'record', 'coordinates')
        or distinct < 2
        or len(known) < 2
    ):
        return None
    points, because = _of_name(column.name)
    place = column.position
    last = max(one.position for one in plan.columns)
    if place == last:
        points, because = points + 14, [*because, 'it is the last column, where targets usually stand']
    elif place == 0:
        points += 4
    points += _of_kind(column, known, because)
    gaps = 1 - len(known) / max(1, rows)
    points -= 25 * gaps
    if not because:
        because = ['it can be predicted from the others']
    return TargetCandidate(column.name, round(points, 3), tuple(because))


def _of_name(name: str) -> tuple[float, list[str]]:
    found: Sequence[str] = words.words_of(name)
    joined = ''.join(found)
    points, because = 0.0, []
    for strength, usual in zip((40, 22, 10), words.TARGET, strict=True):
        if joined in usual or (len(found) == 1 and found[0] in usual):
            points, because = strength + 6, [f'columns called `{name}` are usually what is predicted']
        elif any(word in usual for word in found):
            points, because = strength - 6, [f'`{name}` sounds like an outcome']
        if because:
            break
    if words.says(name, words.IDENTIFIER):
        points -= 10
    return points, because


def _of_kind(column: ColumnPlan, known: pd.Series, because: list[str]) -> float:
    if column.kind == 'boolean' or column.distinct == 2:
        because.append('it has two values')
        return 9
    if column.kind in ('category', 'ordinal'):
        if column.distinct <= 10:
            because.append(f'it has {column.distinct} labels')
            return 7
        return 1 if column.distinct <= MOST_CLASSES else -8
    if column.kind in ('text', 'date', 'datetime', 'time', 'code'):
        return -18
    if column.kind == 'list':
        return -4
    if column.kind in NUMERIC and column.kind != 'year':
        return 4 if numbers(known).nunique() > MOST_NUMBER_CLASSES else 2
    return -10
