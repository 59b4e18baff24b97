"""What others infer of the same files, as classes, and the features that they make: pandas, and where this runs in
their environment skrub's Cleaner and AutoGluon.

    peers.py --tasks FILE

TASKS is what measure.py wrote; prints one line of JSON, by table and reader.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scores import Featured, best_score
from sklearn.preprocessing import OneHotEncoder

NUMERIC, CATEGORICAL, DATETIME, SENTENCE = range(4)
#: labels of a column that get a column each
_MOST_LABELS = 40


@dataclass(frozen=True)
class Peer:
    """Classes of the named columns of a file, and what makes features of them."""

    classes: Callable[[pd.DataFrame, list[str]], list[int]]
    features: Callable[[], Featured]


def main() -> int:
    """Of the readers that are not at home where measure.py runs."""
    words = argparse.ArgumentParser()
    words.add_argument('--tasks', type=Path, required=True)
    tasks = json.loads(words.parse_args().tasks.read_text('utf-8'))
    answer = {
        table: {name: judged(peer, task) for name, peer in others().items()} for table, task in tasks.items()
    }
    print(json.dumps(answer))
    return 0


def judged(peer: Peer, task: dict[str, Any]) -> dict[str, Any]:
    """The classes of a task's columns, and the best score of each fold."""
    frame = pd.read_csv(task['file'])
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        classes = peer.classes(frame, task['features'])
    if not task['rows']:
        return {'classes': classes, 'scores': []}
    places = [place for place in _places(frame, task['features']) if place is not None]
    rows = np.array(task['rows'], dtype=np.int64)
    some = frame.iloc[rows, places]
    return {'classes': classes, 'scores': best_score(some, frame.iloc[rows, task['target']], peer.features)}


def pandas_peer() -> Peer:
    """By the types that `read_csv` gives; labels get a column each."""
    return Peer(lambda frame, names: [_by_dtype(column) for column in _columns(frame, names)], OneHot)


def others() -> dict[str, Peer]:
    """Skrub's Cleaner and TableVectorizer, AutoGluon's feature metadata and generator."""
    from autogluon.features.generators import AutoMLPipelineFeatureGenerator
    from skrub import Cleaner, TableVectorizer

    def cleaned(frame: pd.DataFrame, names: list[str]) -> list[int]:
        return [_by_dtype(column) for column in _columns(Cleaner().fit_transform(frame), names)]

    return {
        'skrub': Peer(cleaned, lambda: Coded(TableVectorizer())),
        'autogluon': Peer(_of_metadata, lambda: Coded(AutoMLPipelineFeatureGenerator(verbosity=0))),
    }


def _of_metadata(frame: pd.DataFrame, names: list[str]) -> list[int]:
    from autogluon.common.features.feature_metadata import FeatureMetadata

    held = FeatureMetadata.from_df(frame)
    classes = {'int': NUMERIC, 'float': NUMERIC, 'bool': CATEGORICAL, 'datetime': DATETIME, 'text': SENTENCE}
    shown = [str(column.name) for column in _columns(frame, names)]
    raw = held.type_map_raw
    special = {name: kinds for kinds, some in held.type_group_map_special.items() for name in some}
    return [
        classes.get(special.get(name, raw.get(name, '')), classes.get(raw.get(name, ''), CATEGORICAL))
        for name in shown
    ]


class OneHot:
    """Numbers as they are, gaps the median's; every other column's labels one by one."""

    def fit_transform(self, frame: pd.DataFrame, answer: np.ndarray) -> np.ndarray:
        """Of training rows."""
        self.numbers = list(frame.select_dtypes(include='number').columns)
        self.labels = [name for name in frame.columns if name not in self.numbers]
        self.middles = frame[self.numbers].median()
        self.encoder = OneHotEncoder(
            max_categories=_MOST_LABELS, handle_unknown='infrequent_if_exist', sparse_output=False
        )
        if self.labels:
            self.encoder.fit(frame[self.labels].astype(str))
        return self.transform(frame)

    def transform(self, frame: pd.DataFrame) -> np.ndarray:
        """Of other rows."""
        made = frame[self.numbers].fillna(self.middles).to_numpy(dtype='float64')
        if not self.labels:
            return made
        return np.column_stack([made, self.encoder.transform(frame[self.labels].astype(str))])


class Coded:
    """A transformer of theirs; what it leaves as labels is counted through."""

    def __init__(self, made: Any) -> None:
        self.made = made

    def fit_transform(self, frame: pd.DataFrame, answer: np.ndarray) -> np.ndarray:
        """Of training rows."""
        return self._figures(self.made.fit_transform(frame, pd.Series(answer, index=frame.index)))

    def transform(self, frame: pd.DataFrame) -> np.ndarray:
        """Of other rows."""
        return self._figures(self.made.transform(frame))

    def _figures(self, made: pd.DataFrame) -> np.ndarray:
        columns = [
            made[name].cat.codes if isinstance(made[name].dtype, pd.CategoricalDtype) else made[name]
            for name in made.columns
        ]
        if not columns:
            return np.zeros((len(made), 1))
        return np.column_stack([column.astype('float64').to_numpy() for column in columns])


def _places(frame: pd.DataFrame, names: list[str]) -> list[int | None]:
    """By name; none where a name was read otherwise or the tool dropped the column."""
    held = {str(name).strip(): place for place, name in enumerate(frame.columns)}
    return [held.get(name) for name in names]


def _columns(frame: pd.DataFrame, names: list[str]) -> list[pd.Series]:
    blank = pd.Series([None], dtype='object')
    return [blank if place is None else frame.iloc[:, place] for place in _places(frame, names)]


def _by_dtype(column: pd.Series) -> int:
    if pd.api.types.is_bool_dtype(column):
        return CATEGORICAL
    if pd.api.types.is_numeric_dtype(column):
        return NUMERIC
    return DATETIME if pd.api.types.is_datetime64_any_dtype(column) else CATEGORICAL


if __name__ == '__main__':
    sys.exit(main())
