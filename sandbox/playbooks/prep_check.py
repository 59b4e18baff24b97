"""Reads the splits and the pipeline back as a stranger would, and checks what training will rely on.

Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python prep/scripts/<this file>`.
"""

import json
from pathlib import Path

import joblib
import numpy as np
import pandas as pd

from tempera.learning.source import planned_table

# PARAMETERS
PARAMETERS = {'sharing': 'values'}
# END OF PARAMETERS

# include: tell

# 1. The three splits against what metadata.json says of them.
metadata = json.loads(Path('prep/data/metadata.json').read_text())
splits = {name: pd.read_parquet(f'prep/data/{name}.parquet') for name in ('train', 'val', 'test')}
target, row, features = metadata['target_column'], metadata['source_row_column'], metadata['feature_columns']
problems = []
rows = pd.concat([part[row] for part in splits.values()])
if rows.duplicated().any():
    problems.append('a source row is in two splits')
if sum(len(part) for part in splits.values()) != metadata['total_rows']:
    problems.append('row counts do not add up')
if any(list(part.columns) != metadata['columns'] for part in splits.values()):
    problems.append('columns differ from metadata.json')
if splits['train'][target].nunique() < 2:
    problems.append('the target is constant in train')
contents = {
    name: set(pd.util.hash_pandas_object(part[[*features, target]].map(str), index=False))
    for name, part in splits.items()
}
shared = sum(
    len(contents[a] & contents[b]) for a, b in (('train', 'test'), ('train', 'val'), ('val', 'test'))
)
group = metadata['split'].get('group')
if group:
    source = planned_table(metadata['split'].get('test_file'))
    keys = {name: set(source.frame.loc[part[row], group].dropna().map(str)) for name, part in splits.items()}
    if keys['train'] & keys['test'] or keys['train'] & keys['val'] or keys['val'] & keys['test']:
        problems.append(f'a value of {group} stands in two splits')

# 2. The pipeline from its file: rows of a split and rows of the file, read anew, must give the same numbers.
pipeline = joblib.load('prep/data/prep_pipeline.pkl')
source = planned_table(metadata['split'].get('test_file'))
sample = splits['test'].head(50)
kept = np.asarray(pipeline.transform(sample[features]))
read = np.asarray(pipeline.transform(source.frame.loc[sample[row], features]))
alone = np.vstack([pipeline.transform(sample[features].iloc[[at]]) for at in range(min(5, len(sample)))])
if not np.isfinite(kept).all():
    problems.append('the pipeline leaves missing numbers')
if not np.allclose(alone, kept[: len(alone)]):
    problems.append('a row alone is transformed otherwise than among others')
apart = int((~np.isclose(kept, read)).any(axis=1).sum())

# 3. Tell.
print('checked: ' + ('; '.join(problems) if problems else 'all as it should be'))
shown = shared if PARAMETERS['sharing'] != 'none' else None
tell({'problems': problems, 'equal_rows_across': shown, 'raw_rows_differ': apart > 0})
