"""Looks at the splits before any model: sizes, balance, and what a model that knows nothing would score.

Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python train/scripts/<this file>`.
"""

import json
from pathlib import Path

import joblib
import numpy as np
import pandas as pd

# PARAMETERS
PARAMETERS = {'sharing': 'values', 'metric': None, 'usual_metric': None}
# END OF PARAMETERS

# include: tell

# 1. The splits as preparation left them; test stays closed until the end.
metadata = json.loads(Path('prep/data/metadata.json').read_text())
train, val = (pd.read_parquet(f'prep/data/{name}.parquet') for name in ('train', 'val'))
target = metadata['target_column']
answer = pd.concat([train[target], val[target]])
pipeline = joblib.load('prep/data/prep_pipeline.pkl')

settled = (
    metadata.get('metric') or PARAMETERS['usual_metric'] or ('accuracy' if metadata['classes'] else 'r2')
)

# 2. What the choice of candidates depends on.
findings = {
    'problem_type': metadata['problem_type'],
    'target': target,
    'metric': PARAMETERS['metric'] or settled,
    'settled_metric': settled,
    'feature_names': metadata['feature_columns'][:200],
    'dropped_names': list(metadata.get('dropped_columns') or {})[:200],
    'features': len(metadata['feature_columns']),
    'transformed': metadata['transformed_columns'],
    'by_time': metadata['split']['strategy'] in ('time', 'time_and_group'),
    'size': 'small' if len(answer) < 3000 else 'medium' if len(answer) < 30000 else 'large',
    'binary_labels': metadata['classes'] is not None and len(metadata['classes']) == 2,
}
# Many small values and a few very large ones, none below zero: the logarithm may be the better scale.
findings['long_tail'] = bool(metadata['classes'] is None and answer.min() >= 0 and answer.skew() > 3)
if PARAMETERS['sharing'] != 'none':
    findings |= {'rows': len(answer), 'test_rows': metadata['test_rows']}
    if metadata['classes']:
        counts = answer.value_counts()
        findings |= {
            'classes': len(counts),
            'largest_share': float(counts.max() / counts.sum()),
            'smallest': int(counts.min()),
        }
    else:
        findings |= {'mean': float(answer.mean()), 'sd': float(answer.std())}
print(f'{len(metadata["feature_columns"])} features, {metadata["problem_type"]}')
tell(findings)
