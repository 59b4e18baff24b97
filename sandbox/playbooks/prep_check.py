"""Reads the splits and the pipeline back as a stranger would, and checks what training will rely on.

Reads the table (`paths.dataset`) as eda/data/plan.json says.
Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python prep/scripts/<this file>`.
"""

import json
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd

from tempera.learning.source import Source, planned_table
from tempera.reports import tell

# PARAMETERS
PARAMETERS: dict[str, Any] = {'sharing': 'values'}
# END OF PARAMETERS

ROWS_TRIED, ROWS_ALONE = 50, 5

Splits = dict[str, pd.DataFrame]


def main() -> None:
    # 1. The three splits against what metadata.json says of them.
    metadata = json.loads(Path('prep/data/metadata.json').read_text())
    splits = {name: pd.read_parquet(f'prep/data/{name}.parquet') for name in ('train', 'val', 'test')}
    source = planned_table(metadata['split'].get('test_file'))
    problems = problems_of_splits(metadata, splits, source)
    shared = rows_shared(splits, [*metadata['feature_columns'], metadata['target_column']])

    # 2. The pipeline from its file: rows of a split and rows of the file, read anew, must give the same numbers.
    found, apart = problems_of_pipeline(metadata, splits['test'], source)
    problems += found

    # 3. Tell.
    print('checked: ' + ('; '.join(problems) if problems else 'all as it should be'))
    tell(
        {
            'problems': problems,
            'equal_rows_across': shared if PARAMETERS['sharing'] != 'none' else None,
            'raw_rows_differ': apart > 0,
        }
    )


def problems_of_splits(metadata: Mapping[str, Any], splits: Splits, source: Source) -> list[str]:
    """What is wrong with the rows, a sentence each."""
    row, target, group = (
        metadata['source_row_column'],
        metadata['target_column'],
        metadata['split'].get('group'),
    )
    problems = []
    if pd.concat([part[row] for part in splits.values()]).duplicated().any():
        problems.append('a source row is in two splits')
    if sum(len(part) for part in splits.values()) != metadata['total_rows']:
        problems.append('row counts do not add up')
    if any(list(part.columns) != metadata['columns'] for part in splits.values()):
        problems.append('columns differ from metadata.json')
    if splits['train'][target].nunique() < 2:
        problems.append('the target is constant in train')
    if group:
        keys = [set(source.frame.loc[part[row], group].dropna().map(str)) for part in splits.values()]
        if any(one & other for one, other in combinations(keys, 2)):
            problems.append(f'a value of {group} stands in two splits')
    return problems


def rows_shared(splits: Splits, columns: list[str]) -> int:
    """Different rows, by features and target, that stand in two splits."""
    contents = [
        set(pd.util.hash_pandas_object(part[columns].map(str), index=False)) for part in splits.values()
    ]
    return sum(len(one & other) for one, other in combinations(contents, 2))


def problems_of_pipeline(
    metadata: Mapping[str, Any], test: pd.DataFrame, source: Source
) -> tuple[list[str], int]:
    """What is wrong with its numbers, and how many rows it transforms otherwise when they are read anew."""
    pipeline = joblib.load('prep/data/prep_pipeline.pkl')
    features, sample = metadata['feature_columns'], test.head(ROWS_TRIED)
    before = np.asarray(pipeline.transform(sample[features]))
    read = np.asarray(pipeline.transform(source.frame.loc[sample[metadata['source_row_column']], features]))
    alone = [pipeline.transform(sample[features].iloc[[at]]) for at in range(min(ROWS_ALONE, len(sample)))]
    problems = []
    if not np.isfinite(before).all():
        problems.append('the pipeline leaves missing numbers')
    if not np.allclose(np.vstack(alone), before[: len(alone)]):
        problems.append('a row alone is transformed otherwise than among others')
    return problems, int((~np.isclose(before, read)).any(axis=1).sum())


if __name__ == '__main__':
    main()
