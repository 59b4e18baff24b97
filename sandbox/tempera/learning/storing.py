"""Typed rows as Parquet, so that reading them back gives the same frame."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd


def to_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Writes typed rows; records and pairs as JSON text, whose fields may differ from row to row."""
    plain = {name: _plain(frame[name]) for name in frame.columns}
    pd.DataFrame(plain, columns=frame.columns).to_parquet(path, index=False)


def _plain(values: pd.Series) -> pd.Series:
    if values.dtype != object:
        return values
    return (
        values.map(_text, na_action='ignore')
        if values.dropna().map(lambda one: isinstance(one, dict)).any()
        else values
    )


def _text(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict) else value
