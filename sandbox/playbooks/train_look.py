"""Looks at the splits before any model: sizes, balance, and what the choice of candidates depends on.

Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python train/scripts/<this file>`.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from tempera.learning.training import BY_TIME
from tempera.reports import tell

# PARAMETERS
PARAMETERS: dict[str, Any] = {'sharing': 'values', 'metric': None, 'usual_metric': None}
# END OF PARAMETERS

SMALL, MEDIUM = 3_000, 30_000  # rows
LONG_TAIL = 3  # skewness from which on the logarithm may be the better scale
MOST_NAMES = 200


def main() -> None:
    # 1. The splits as preparation left them; test stays closed until the end.
    metadata = json.loads(Path('prep/data/metadata.json').read_text())
    answer = pd.concat(
        [pd.read_parquet(f'prep/data/{name}.parquet')[metadata['target_column']] for name in ('train', 'val')]
    )

    # 2. What the choice of candidates depends on, as far as it is shared.
    findings = names_and_choices(metadata, answer)
    if PARAMETERS['sharing'] != 'none':
        findings |= {'rows': len(answer), 'test_rows': metadata['test_rows']} | spread(metadata, answer)
    print(f'{len(metadata["feature_columns"])} features, {metadata["problem_type"]}')
    tell(findings)


def names_and_choices(metadata: Mapping[str, Any], answer: pd.Series) -> dict[str, Any]:
    """What may be told of any table."""
    classes, rows = metadata['classes'], len(answer)
    usual = 'accuracy' if classes else 'r2'
    settled = metadata.get('metric') or PARAMETERS['usual_metric'] or usual
    return {
        'problem_type': metadata['problem_type'],
        'target': metadata['target_column'],
        'metric': PARAMETERS['metric'] or settled,
        'settled_metric': settled,
        'feature_names': metadata['feature_columns'][:MOST_NAMES],
        'dropped_names': list(metadata.get('dropped_columns') or {})[:MOST_NAMES],
        'features': len(metadata['feature_columns']),
        'transformed': metadata['transformed_columns'],
        'by_time': metadata['split']['strategy'] in BY_TIME,
        'size': 'small' if rows < SMALL else 'medium' if rows < MEDIUM else 'large',
        'binary_labels': classes is not None and len(classes) == 2,
        # many small values and a few very large ones, none below zero
        'long_tail': bool(classes is None and answer.min() >= 0 and answer.skew() > LONG_TAIL),
    }


def spread(metadata: Mapping[str, Any], answer: pd.Series) -> dict[str, Any]:
    """How the target is spread over train and val."""
    if not metadata['classes']:
        return {'mean': float(answer.mean()), 'sd': float(answer.std())}
    counts = answer.value_counts()
    return {
        'classes': len(counts),
        'largest_share': float(counts.max() / counts.sum()),
        'smallest': int(counts.min()),
    }


if __name__ == '__main__':
    main()
