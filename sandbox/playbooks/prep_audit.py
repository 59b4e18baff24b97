"""Reads back what the exploration decided and checks it against the table before anything is built on it.

Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python prep/scripts/<this file>`.
"""

import json
from pathlib import Path

import numpy as np

from tempera.learning.source import planned_table
from tempera.tables.measured.quick import texts_of

# PARAMETERS
PARAMETERS = {'target': None, 'problem_type': None, 'excluded_columns': [], 'sharing': 'values'}
# END OF PARAMETERS

# include: tell

# 1. The decisions, with what the person has said since.
decisions = json.loads(Path('eda/data/decisions.json').read_text())
source = planned_table()
plan, frame = source.plan, source.frame
target = PARAMETERS['target'] or decisions['target']
if target not in frame.columns:
    raise KeyError(f'target {target!r} is not a column of {plan.file.name}')
dropped = {**decisions['drop'], **decisions['leaks']}
dropped |= dict.fromkeys(PARAMETERS['excluded_columns'], 'excluded on request')

# 2. What is left to work with.
features = [name for name in frame.columns if name != target and name not in dropped]
answer = frame[target]
repeated = int(frame[answer.notna()][[*features, target]].map(str).duplicated().sum())
distinct = {
    name: plan.column(name).distinct for name in features if plan.column(name).kind in ('category', 'code')
}
missing = [name for name in features if frame[name].isna().any()]
classes = texts_of(answer).value_counts()

# 3. Tell.
findings = {
    'target': target,
    'problem_type': PARAMETERS['problem_type'] or decisions['problem_type'],
    'metric': decisions['metric'],
    'features': features[:200],
    'feature_count': len(features),
    'drop': decisions['drop'],
    'leaks': decisions['leaks'],
    'high_cardinality': [name for name in distinct if distinct[name] > 40],
    'with_missing': missing[:200],
    'drop_duplicates': decisions['drop_duplicates'],
    'split': decisions['split'],
    'dates': [name for name in features if plan.column(name).kind in ('date', 'datetime')],
}
if PARAMETERS['sharing'] != 'none':
    findings |= {
        'rows': len(frame),
        'missing_target': int(answer.isna().sum()),
        'repeated': repeated,
        'distinct_target': len(classes),
        'rarest': int(classes.min()) if len(classes) else 0,
    }
print(f'{len(features)} usable columns for {target}')
tell(findings)
