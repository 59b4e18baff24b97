"""What every encoder of one column does, and those of numbers and labels."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from sklearn.preprocessing import TargetEncoder

from ..measured.quick import numbers, texts_of

#: runs of digits and of others
_PARTS = re.compile(r'[0-9]{1,18}|[^0-9]+')
#: share of gaps from which on it is worth knowing where they are
INDICATED = 0.005
#: labels that get a column each; more are replaced by means of the target
MOST_LABELS = 40
#: labels of fewer training rows than these share one column with all that were never seen
FEWEST_ROWS = 5
#: fewer labels than these are told apart one by one as easily
FEWEST_PLACED = 4
MISSING = '(missing)'


class ColumnEncoder:
    """One column of a typed frame as float columns. `fit` sees training rows alone; `transform` any rows, one by one.

    `names` are those of what comes out, after `fit`.
    """

    names: list[str]

    def __init__(self, column: str) -> None:
        self.column = column
        self.names = []

    def fit(self, values: pd.Series, answer: pd.Series | None) -> None:
        """Learns from training rows."""
        raise NotImplementedError

    def transform(self, values: pd.Series) -> np.ndarray:
        """Rows × len(names), float64 without gaps."""
        raise NotImplementedError

    def fit_transform(self, values: pd.Series, answer: pd.Series | None) -> np.ndarray:
        """As both, but for encoders whose training rows must not see their own answer."""
        self.fit(values, answer)
        return self.transform(values)


class NumberEncoder(ColumnEncoder):
    """A number: gaps take the median, and a column of its own says where they were, where there are some."""

    def fit(self, values: pd.Series, answer: pd.Series | None) -> None:
        figures = self.figures(values)
        middle = figures.median()
        self.middle = float(middle) if np.isfinite(middle) else 0.0
        self.indicates = bool(INDICATED <= figures.isna().mean() < 1)
        self.names = [self.column, *([f'{self.column} is missing'] if self.indicates else [])]

    def transform(self, values: pd.Series) -> np.ndarray:
        figures = self.figures(values)
        missing = figures.isna()
        made = figures.fillna(self.middle).to_numpy()[:, None]
        return np.column_stack([made, missing.to_numpy(dtype='float64')]) if self.indicates else made

    def figures(self, values: pd.Series) -> pd.Series:
        """The column as float64; infinities are gaps."""
        if pd.api.types.is_bool_dtype(values) or values.dtype == object:
            values = values.map(lambda one: float(one) if isinstance(one, bool | np.bool_) else one)
        return numbers(values)


class LogarithmEncoder(NumberEncoder):
    """The logarithm of a number, on both sides of 0: a few values far from the others stand closer to them."""

    def fit(self, values: pd.Series, answer: pd.Series | None) -> None:
        super().fit(values, answer)
        self.names[0] = f'{self.column}: logarithm'

    def figures(self, values: pd.Series) -> pd.Series:
        plain = super().figures(values)
        return np.sign(plain) * np.log1p(plain.abs())


class OrdinalEncoder(NumberEncoder):
    """Labels in their order as 0, 1, 2 …; what is none of them is a gap."""

    def __init__(self, column: str, levels: tuple[str, ...]) -> None:
        super().__init__(column)
        self.places = {level: float(at) for at, level in enumerate(levels)}

    def figures(self, values: pd.Series) -> pd.Series:
        if pd.api.types.is_numeric_dtype(values):
            return numbers(values)
        return texts_of(values).map(self.places).astype('float64')


class LabelEncoder(ColumnEncoder):
    """A column for each label that is common enough; rare ones, and any that was never seen, share one. Of several
    labels also the place among all of them in order, by which trees part many labels at once."""

    def fit(self, values: pd.Series, answer: pd.Series | None) -> None:
        counts = labels_with_gaps(values).value_counts()
        ordered = sorted((str(label) for label in counts.index), key=_in_order)
        self.places = {label: at for at, label in enumerate(ordered)} if len(ordered) >= FEWEST_PLACED else {}
        self.labels = sorted(
            str(label) for label, rows in counts.items() if rows >= min(FEWEST_ROWS, len(values) / 20)
        )
        if len(self.labels) == 2 and len(counts) == 2:
            self.labels = self.labels[1:]
            self.others = False
        else:
            self.others = len(counts) > len(self.labels) or len(self.labels) > 2
        self.names = [f'{self.column} = {label}' for label in self.labels]
        self.names += [f'{self.column} is another'] if self.others else []
        self.names += [f'{self.column}: place in order'] if self.places else []

    def transform(self, values: pd.Series) -> np.ndarray:
        labels = labels_with_gaps(values)
        held = labels.to_numpy()
        made = [held == label for label in self.labels]
        made += [~np.isin(held, self.labels)] if self.others else []
        made += [labels.map(self.places).fillna(-1)] if self.places else []
        return np.column_stack(made).astype('float64') if made else np.zeros((len(labels), 0))


class ManyLabelsEncoder(ColumnEncoder):
    """Many labels: the mean of the target over each one's training rows, drawn towards the whole mean, and how common
    it is. Training rows get means that were made without them (cross-fitted)."""

    def __init__(self, column: str, target_type: str, seed: int) -> None:
        super().__init__(column)
        self.target_type = target_type
        self.seed = seed

    def fit(self, values: pd.Series, answer: pd.Series | None) -> None:
        self.fit_transform(values, answer)

    def fit_transform(self, values: pd.Series, answer: pd.Series | None) -> np.ndarray:
        labels = labels_with_gaps(values)
        counts = labels.value_counts()
        self.shares = {str(label): float(rows) / len(labels) for label, rows in counts.items()}
        self.encoder: Any = None
        made = np.zeros((len(labels), 0))
        if answer is not None and answer.nunique() > 1:
            self.encoder = TargetEncoder(target_type=self.target_type, random_state=self.seed)
            made = np.asarray(self.encoder.fit_transform(_two_dimensional(labels), answer.to_numpy()))
        many = made.shape[1]
        labels_of_answer = [str(one) for one in getattr(self.encoder, 'classes_', [])] if many > 1 else []
        suffixes = [f' where {label}' for label in labels_of_answer] or ([''] if many else [])
        self.names = [f'{self.column}: mean of the target{one}' for one in suffixes] + [
            f'{self.column}: how common'
        ]
        return np.column_stack([made, self._common(labels)])

    def transform(self, values: pd.Series) -> np.ndarray:
        labels = labels_with_gaps(values)
        made = (
            np.asarray(self.encoder.transform(_two_dimensional(labels)))
            if self.encoder is not None
            else np.zeros((len(labels), 0))
        )
        return np.column_stack([made, self._common(labels)])

    def _common(self, labels: pd.Series) -> np.ndarray:
        return np.asarray(labels.map(self.shares).fillna(0.0), dtype='float64')


def _in_order(label: str) -> tuple[Any, ...]:
    """As people order labels: numbers in them by size, letters by the alphabet."""
    return tuple(
        (0, int(part), '') if part.isdigit() else (1, 0, part) for part in _PARTS.findall(label.lower())
    )


def labels_with_gaps(values: pd.Series) -> pd.Series:
    """Labels as texts; a gap is a label of its own."""
    return texts_of(values).astype('object').where(values.notna(), MISSING)


def _two_dimensional(labels: pd.Series) -> np.ndarray:
    return np.asarray(labels, dtype=object)[:, None]
