"""Compares candidates by repeated cross-validation on train + val, preprocessing fitted inside every fold.

Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python train/scripts/<this file>`.
"""

import json
from dataclasses import asdict
from pathlib import Path

import joblib
import pandas as pd

from tempera import configure_dashboard, log
from tempera.learning.belonging import belonging_of
from tempera.learning.candidates import Task, without_columns
from tempera.learning.choosing import compare, cross_validate
from tempera.learning.folds import folds_of

# PARAMETERS
PARAMETERS = {
    'metric': 'accuracy',
    'candidates': ['dummy', 'linear', 'kernel', 'extra_trees', 'boosting'],
    'folds': 5,
    'repeats': 2,
    'left_out': [],
    'max_rows': 20000,
    'sharing': 'values',
    'seed': 42,
}
# END OF PARAMETERS

# include: tell
# include: quietly

# 1. Train and val together: cross-validation makes its own validation rows. Test is not read here.
metadata = json.loads(Path('prep/data/metadata.json').read_text())
metadata['feature_columns'] = [
    name for name in metadata['feature_columns'] if name not in PARAMETERS['left_out']
]
PROBLEM, METRIC = metadata['problem_type'], PARAMETERS['metric']
by_time = metadata['split']['strategy'] in ('time', 'time_and_group')
table = pd.concat(
    [pd.read_parquet(f'prep/data/{name}.parquet') for name in ('train', 'val')], ignore_index=True
)
if len(table) > PARAMETERS['max_rows']:
    table = (
        table.tail(PARAMETERS['max_rows'])
        if by_time
        else table.sample(PARAMETERS['max_rows'], random_state=PARAMETERS['seed'])
    )
    table = table.reset_index(drop=True)
answer = table[metadata['target_column']]
preparation = without_columns(joblib.load('prep/data/prep_pipeline.pkl'), PARAMETERS['left_out'])

# 2. The dashboard shows every fold of every candidate as it is done.
configure_dashboard(
    [
        {'title': f'{METRIC} fold by fold', 'metrics': [f'cv_{METRIC}'], 'type': 'scatter'},
        {'title': f'Mean {METRIC} so far', 'metrics': [f'cv_{METRIC}_mean'], 'type': 'line'},
    ]
)

# 3. Every candidate on the same folds. One that fails is told and left out, the others go on.
task = Task(PROBLEM, METRIC, len(table), PARAMETERS['seed'])
belonging = belonging_of(table, metadata)
cut = folds_of(
    answer,
    task.is_classes,
    PARAMETERS['folds'],
    PARAMETERS['repeats'],
    PARAMETERS['seed'],
    belonging.groups,
    belonging.moments,
    by_time,
)
folds = cross_validate(
    PARAMETERS['candidates'],
    preparation,
    table[metadata['feature_columns']],
    answer,
    cut,
    task,
    lambda name, place, score, mean: log(
        place + 1, {f'cv_{METRIC}': score, f'cv_{METRIC}_mean': mean}, run=name
    ),
)

# 4. One standard error: the simplest candidate that the best does not clearly beat.
comparison = compare(folds, task)
for candidate in comparison.candidates:
    told = f'{METRIC} {candidate.mean:.4f} (sd {candidate.sd:.4f})'
    print(f'{candidate.title}: {"done" if PARAMETERS["sharing"] == "none" else told}')
Path('train/data').mkdir(parents=True, exist_ok=True)
kept = {'metric': METRIC} | {key: value for key, value in asdict(comparison).items() if key != 'best'}
Path('train/data/candidates.json').write_text(json.dumps(kept, indent=1))
findings = {
    'metric': METRIC,
    'best': comparison.best,
    'within_one_se': comparison.within_one_se,
    'beats_dummy': comparison.beats_dummy,
    'failed': sorted(comparison.failed),
}
if PARAMETERS['sharing'] != 'none':
    findings['candidates'] = [
        {'name': one.name, 'title': one.title, 'mean': one.mean, 'sd': one.sd, 'se': one.se}
        for one in comparison.candidates
    ]
tell(findings)
