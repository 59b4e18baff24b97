"""Labels that are cut from a number which two or more columns make: passed from 50 points on, obese above an index.

One column that is cut is found alone. Here columns are added, subtracted, multiplied and divided by pairs, and weighed
by a straight line; a label is cut from what comes out where each label has a stretch of it to itself, though rows stand
close on both sides of the border. Kinds of things that merely lie apart leave a gap there, and noise leaves a mixture.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from ..findings import Leak
from ..quick import NUMERIC, numbers
from ..work import Work
from .evidence import Evidence

MOST_COLUMNS = 10
MOST_LABELS = 8
FEWEST_ROWS = 80
#: rows of the rarest label, so that a stretch of its own is no luck
FEWEST_OF_A_LABEL = 15
#: share of rows that may stand on the wrong side: slips of the pen
SLIPS = 0.004
#: of the spread: what may lie between two labels, and how far to either side rows must stand close
TIGHT, NEAR = 0.05, 0.25
#: rows that must stand close to a border on either side
FEWEST_NEAR = 4
#: rows for each column from which on a straight line that parts all labels is no luck
_ROWS_A_COLUMN = 20
MOST_OF_A_LINE = 1_500
#: labels of which each is tried, and what a fit costs in the currency of `Work`
_MOST_LINES, _ROUNDS = 4, 2

Made = tuple[tuple[str, ...], str, np.ndarray]


def find_cut(evidence: Evidence, names: list[str], work: Work) -> Leak | None:
    """A leak where the labels are stretches of one number that several columns make."""
    labels = evidence.answer.values.to_numpy()
    counts = np.bincount(labels)
    data = _strongest(evidence, names)
    known = data.notna().all(axis=1).to_numpy()
    enough = known.sum() >= max(FEWEST_ROWS, 0.9 * len(known))
    if len(data.columns) < 2 or not enough or len(counts) > MOST_LABELS or counts.min() < FEWEST_OF_A_LABEL:
        return None
    rows, answer = data[known], labels[known]
    for columns, how, values in _made(rows, answer, work):
        if _is_cut(values, answer) and not any(_is_cut(rows[name].to_numpy(), answer) for name in columns):
            because = f'`{evidence.target.name}` is {how} cut into stretches: it follows from them'
            return Leak(columns, 'combination', because, {'rows': int(known.sum())}, confirm=True)
    return None


def _strongest(evidence: Evidence, names: list[str]) -> pd.DataFrame:
    """The number columns that are tied most to one of the labels."""
    numeric = [name for name in names if evidence.plan.column(name).kind in NUMERIC]
    found = pd.DataFrame({name: numbers(evidence.frame[name]) for name in numeric})
    if found.shape[1] <= MOST_COLUMNS:
        return found
    goals = pd.get_dummies(evidence.answer.values).astype('float64')
    ranks = found.rank()
    tied = pd.Series({name: goals.corrwith(ranks[name]).abs().max() for name in found.columns}).fillna(0.0)
    return found[list(tied.sort_values(ascending=False, kind='stable').index[:MOST_COLUMNS])]


def _made(rows: pd.DataFrame, labels: np.ndarray, work: Work) -> Iterator[Made]:
    for first, second in combinations(rows.columns, 2):
        left, right = rows[first].to_numpy(), rows[second].to_numpy()
        both = (first, second)
        yield both, f'`{first}` + `{second}`', left + right
        yield both, f'`{first}` − `{second}`', left - right
        if (left > 0).all() and (right > 0).all():
            yield both, f'`{first}` · `{second}`', left * right
            yield both, f'`{first}` / `{second}`', left / right
            yield both, f'`{first}` / `{second}`²', left / right**2
            yield both, f'`{second}` / `{first}`²', right / left**2
        yield both, f'the larger of `{first}` and `{second}`', np.maximum(left, right)
        yield both, f'the lesser of `{first}` and `{second}`', np.minimum(left, right)
    yield from _weighed(rows, labels, work)


def _weighed(rows: pd.DataFrame, labels: np.ndarray, work: Work) -> Iterator[Made]:
    """The straight line that parts a label from the rest, of no more columns than it needs."""
    kinds = np.unique(labels)
    some = min(len(rows), MOST_OF_A_LINE)
    if some < _ROWS_A_COLUMN * len(rows.columns) or len(kinds) > _MOST_LINES:
        return
    for label in kinds[:1] if len(kinds) == 2 else kinds:
        fits = _ROUNDS * len(rows.columns)
        if not work.take('a straight line that parts labels', fits, some, len(rows.columns)):
            return
        names, weights = _fewest(rows.iloc[:some], (labels == label)[:some])
        if len(names) >= 2:
            listed = ', '.join(f'`{name}`' for name in names)
            yield names, f'a sum of {listed}', _scaled(rows[list(names)]) @ weights


def _fewest(rows: pd.DataFrame, is_label: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
    """The columns of a line that parts (nearly) all rows, those dropped without which one still does; none without."""
    weights = _line(rows, is_label)
    if weights is None:
        return (), np.zeros(0)
    names = list(rows.columns)
    for name in [rows.columns[at] for at in np.argsort(np.abs(weights), kind='stable')]:
        rest = [other for other in names if other != name]
        again = _line(rows[rest], is_label) if rest else None
        if again is not None:
            names, weights = rest, again
    return tuple(names), weights


def _line(rows: pd.DataFrame, is_label: np.ndarray) -> np.ndarray | None:
    """Weights of the scaled columns; None where no line parts nearly all rows."""
    scaled = _scaled(rows)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore', ConvergenceWarning)
        machine = LogisticRegression(C=1e5, max_iter=400).fit(scaled, is_label)
    if float((machine.predict(scaled) == is_label).mean()) < 1 - SLIPS:
        return None
    return np.asarray(machine.coef_[0])


def _scaled(rows: pd.DataFrame) -> np.ndarray:
    return np.asarray(((rows - rows.mean()) / rows.std().replace(0, 1.0)).to_numpy())


def _is_cut(values: np.ndarray, labels: np.ndarray) -> bool:
    """Whether each label has one stretch of the values, and rows stand close on both sides of each border."""
    spread = float(values.std())
    if not np.isfinite(values).all() or spread == 0:
        return False
    order = np.argsort(values, kind='stable')
    sorted_values, sorted_labels = values[order], labels[order]
    borders = _borders(sorted_labels, int(SLIPS * len(labels)))
    if borders is None:
        return False
    for border in borders:
        low, high = sorted_values[max(0, border - 1)], sorted_values[border]
        below = int(((values <= low) & (values >= low - NEAR * spread)).sum())
        above = int(((values >= high) & (values <= high + NEAR * spread)).sum())
        if high - low > TIGHT * spread or min(below, above) < FEWEST_NEAR:
            return False
    return True


def _borders(labels: np.ndarray, slips: int) -> list[int] | None:
    """Where one label's stretch ends and the next one's begins; None where more than `slips` rows stand elsewhere."""
    kinds = np.unique(labels)
    middles = {label: float(np.median(np.flatnonzero(labels == label))) for label in kinds}
    ordered = sorted(kinds, key=lambda label: middles[label])
    ranks = np.zeros(int(labels.max()) + 1, dtype='int64')
    ranks[ordered] = np.arange(len(ordered))
    places = ranks[labels]
    borders: list[int] = []
    wrong = 0
    for rank in range(1, len(ordered)):
        upper = places >= rank
        # errors of a border at each place: upper rows before it, lower rows from it on
        before = np.concatenate([[0], np.cumsum(upper)])
        after = np.concatenate([[0], np.cumsum(~upper)])
        errors = before + after[-1] - after
        border = int(errors.argmin())
        wrong += int(errors[border])
        borders.append(border)
    return borders if wrong <= slips and all(0 < border < len(labels) for border in borders) else None
