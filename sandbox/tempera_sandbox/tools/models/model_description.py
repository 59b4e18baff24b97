"""What a session's model takes and says: from what training and preparation left, without loading it."""

from __future__ import annotations

import json
from typing import Any

from .. import Context, ToolError, limits
from ..cell_values import json_value

_TRAINING = 'train/data/metadata.json'
_TRAIN_SPLIT = 'prep/data/train.parquet'
_MOST_CATEGORIES = 50


def describe(context: Context) -> dict[str, Any]:
    """Target, classes, scores and features with their ranges. Raises NOT_FOUND or INVALID_DATASET."""
    training = training_of(context)
    frame = train_split(context)
    names = [name for name in training.get('feature_columns', []) if name in frame.columns]
    return {
        'target': training.get('target_column'),
        'problem_type': training.get('problem_type'),
        'classes': training.get('classes'),
        'title': (training.get('model') or {}).get('title'),
        'primary_metric': training.get('primary_metric'),
        'metrics': training.get('metrics') or {},
        'prediction_interval': training.get('prediction_interval'),
        'features': [_feature(name, frame[name]) for name in names],
    }


def _feature(name: str, column: Any) -> dict[str, Any]:
    import pandas as pd

    there = column.dropna()
    example = json_value(there.iloc[0], limits.PREVIEW_CELL_CHARS) if len(there) else None
    if pd.api.types.is_datetime64_any_dtype(column):
        return {
            'name': name,
            'type': 'date',
            'min': str(there.min()),
            'max': str(there.max()),
            'example': str(example),
        }
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        ends = (
            (float(there.min()), float(there.max()), float(there.median()))
            if len(there)
            else (None, None, None)
        )
        return {'name': name, 'type': 'number', 'min': ends[0], 'max': ends[1], 'example': ends[2]}
    counts = there.astype(str).value_counts()
    kind = (
        {'type': 'category', 'categories': list(counts.index[:_MOST_CATEGORIES])}
        if len(counts) <= _MOST_CATEGORIES
        else {'type': 'text'}
    )
    return {'name': name, **kind, 'example': counts.index[0] if len(counts) else None}


def training_of(context: Context) -> dict[str, Any]:
    """What the training wrote down. Raises NOT_FOUND or INVALID_DATASET."""
    try:
        found = json.loads((context.workspace / _TRAINING).read_text('utf-8'))
    except (OSError, ValueError) as error:
        raise ToolError(
            'NOT_FOUND', f'The session has no finished model: {_TRAINING} is not there. Run the training.'
        ) from error
    if not isinstance(found, dict) or not isinstance(found.get('feature_columns'), list):
        raise ToolError(
            'INVALID_DATASET',
            f'{_TRAINING} does not say which columns the model takes. Run the training again.',
        )
    return found


def train_split(context: Context) -> Any:
    """The rows that the model was fitted on. Raises NOT_FOUND."""
    import pandas as pd

    try:
        return pd.read_parquet(context.workspace / _TRAIN_SPLIT)
    except (OSError, ValueError) as error:
        raise ToolError(
            'NOT_FOUND',
            f"{_TRAIN_SPLIT} is not there: the columns' types are not known. Run the preparation.",
        ) from error
