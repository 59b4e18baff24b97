"""What others infer of the same files, as classes: pandas always, skrub and AutoGluon where they are installed."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from classes import CATEGORICAL, DATETIME, NUMERIC, SENTENCE


def pandas_types(file: Path, names: list[str]) -> list[int]:
    """By the types that `read_csv` gives."""
    return [_by_dtype(column) for column in _columns(pd.read_csv(file), names)]


def skrub_types(file: Path, names: list[str]) -> list[int]:
    """By the types that skrub's Cleaner gives."""
    from skrub import Cleaner

    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        cleaned = Cleaner().fit_transform(pd.read_csv(file))
    return [_by_dtype(column) for column in _columns(cleaned, names)]


def autogluon_types(file: Path, names: list[str]) -> list[int]:
    """By AutoGluon's feature metadata."""
    from autogluon.common.features.feature_metadata import FeatureMetadata

    frame = pd.read_csv(file)
    held = FeatureMetadata.from_df(frame)
    classes = {'int': NUMERIC, 'float': NUMERIC, 'bool': CATEGORICAL, 'datetime': DATETIME, 'text': SENTENCE}
    shown = [str(column.name) for column in _columns(frame, names)]
    raw = held.type_map_raw
    special = {name: kinds for kinds, some in held.type_group_map_special.items() for name in some}
    return [
        classes.get(special.get(name, raw.get(name, '')), classes.get(raw.get(name, ''), CATEGORICAL))
        for name in shown
    ]


def _columns(frame: pd.DataFrame, names: list[str]) -> list[pd.Series]:
    """By name, and by place where a name was read otherwise or the tool dropped the column."""
    held = {str(name).strip(): place for place, name in enumerate(frame.columns)}
    blank = pd.Series([None], dtype='object')
    return [frame.iloc[:, held[name]] if name in held else blank for name in names]


def _by_dtype(column: pd.Series) -> int:
    if pd.api.types.is_bool_dtype(column):
        return CATEGORICAL
    if pd.api.types.is_numeric_dtype(column):
        return NUMERIC
    return DATETIME if pd.api.types.is_datetime64_any_dtype(column) else CATEGORICAL


PEERS: dict[str, Callable[[Path, list[str]], list[int]]] = {'pandas': pandas_types}
if importlib.util.find_spec('skrub'):
    PEERS['skrub'] = skrub_types
if importlib.util.find_spec('autogluon.common') if importlib.util.find_spec('autogluon') else None:
    PEERS['autogluon'] = autogluon_types
