"""Compares candidates by repeated cross-validation on train + val, preprocessing fitted inside every fold.

Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python train/scripts/<this file>`.
"""

import json
from pathlib import Path

import joblib
import numpy as np
import pandas as pd

# include: candidate_imports
from tempera import configure_dashboard, log

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
# include: candidates

# 1. Train and val together: cross-validation makes its own validation rows. Test is not read here.
metadata = json.loads(Path('prep/data/metadata.json').read_text())
metadata['feature_columns'] = [
    name for name in metadata['feature_columns'] if name not in PARAMETERS['left_out']
]
PROBLEM, METRIC = metadata['problem_type'], PARAMETERS['metric']
CLASSES, LOWER = PROBLEM != 'regression', METRIC in ('log_loss', 'rmse', 'mae')
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
names = {name: name for name in PARAMETERS['candidates']}
cut = folds_of(
    answer,
    PROBLEM,
    by_time,
    PARAMETERS['folds'],
    PARAMETERS['repeats'],
    PARAMETERS['seed'],
    groups_of(table, metadata),
    moments_of(table, metadata),
)
scores, seconds, sizes, failed = cross_validate_live(
    names, preparation, table, metadata['feature_columns'], metadata['target_column'], cut, PARAMETERS['seed']
)
results = []
for name, values in scores.items():
    if name in failed or len(values) == 0:
        continue
    mean, sd = float(values.mean()), float(values.std(ddof=1)) if len(values) > 1 else 0.0
    # Folds share training rows, so their mean is less sure than sd/sqrt(k): Nadeau and Bengio's correction.
    se = sd * float(np.sqrt(1 / len(values) + np.mean([judge / learn for learn, judge in sizes])))
    results.append(
        {
            'name': name,
            'title': TITLES[name],
            'mean': mean,
            'sd': sd,
            'se': se,
            'seconds': round(seconds[name], 2),
        }
    )
    print(
        f'{TITLES[name]}: done'
        if PARAMETERS['sharing'] == 'none'
        else f'{TITLES[name]}: {METRIC} {mean:.4f} (sd {sd:.4f})'
    )

# 4. One standard error: the simplest candidate that the best does not clearly beat.
if not [result for result in results if result['name'] != 'dummy']:
    raise RuntimeError(f'no candidate could be fitted: {failed}')
results.sort(key=lambda result: (round(result['mean'], 6) * (1 if LOWER else -1), result['name']))
best = next(result for result in results if result['name'] != 'dummy')
means = {result['name']: result['mean'] for result in results}


def gain(mean):
    # How much better than the dummy, in the metric; a candidate that is not better is never chosen.
    return (means['dummy'] - mean if LOWER else mean - means['dummy']) if 'dummy' in means else float('inf')


near = [
    name
    for name in SIMPLEST_FIRST
    if name in means and abs(means[name] - best['mean']) <= best['se'] and gain(means[name]) > 0
] or [best['name']]
beats_dummy = bool(gain(best['mean']) > best['se'])
Path('train/data').mkdir(parents=True, exist_ok=True)
Path('train/data/candidates.json').write_text(
    json.dumps(
        {
            'metric': METRIC,
            'candidates': results,
            'failed': failed,
            'within_one_se': near,
            'beats_dummy': beats_dummy,
        },
        indent=1,
    )
)
findings = {
    'metric': METRIC,
    'best': best['name'],
    'within_one_se': near,
    'beats_dummy': beats_dummy,
    'failed': sorted(failed),
}
if PARAMETERS['sharing'] != 'none':
    findings['candidates'] = [
        {key: result[key] for key in ('name', 'title', 'mean', 'sd', 'se')} for result in results
    ]
tell(findings)
