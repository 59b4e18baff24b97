"""Says what score to expect, then fits the chosen model, opens the test split once and reports.

Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python train/scripts/<this file>`.
"""

import json
import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import joblib
import matplotlib

matplotlib.use('Agg')
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support, roc_curve

from tempera import configure_dashboard, log, log_confusion_matrix
from tempera.learning.belonging import belonging_of
from tempera.learning.candidates import TITLES, Task, estimator, model_of, without_columns
from tempera.learning.choosing import cross_validate
from tempera.learning.folds import folds_of
from tempera.learning.intervals import expected_interval, score_interval
from tempera.learning.package import write_package
from tempera.learning.scoring import Answers, metrics_of, scores_of
from tempera.learning.source import measured_table, planned_table

# PARAMETERS
PARAMETERS = {
    'chosen': 'linear',
    'reason': 'it is the simplest within one standard error of the best',
    'metric': 'accuracy',
    'metric_reason': None,
    'folds': 5,
    'repeats': 10,
    'max_rows': 20000,
    'plain': False,
    'left_out': [],
    'uncertain': [],
    'sharing': 'values',
    'seed': 42,
}
# END OF PARAMETERS

# include: tell
# include: words
# include: figures
# include: quietly
# include: train_figures
# include: metric_words
# include: train_warnings

METRIC, NAME = PARAMETERS['metric'], PARAMETERS['chosen']
FIGURES = Path('train/figures')
captions = {}


def class_table(truth: pd.Series, found: np.ndarray) -> str:
    """Precision and recall of each class: one figure over all classes may hide one that is never found."""
    labels = list(model.classes_)
    precision, recall, _, rows = precision_recall_fscore_support(truth, found, labels=labels, zero_division=0)
    lines = [
        [
            label,
            # scikit-learn counts with parts where a class is in no row of the test
            f'{int(count):,}',
            f'{right:.3f}' if (found == label).any() else 'never predicted',
            f'{caught:.3f}' if count else '–',
        ]
        for label, count, right, caught in zip(labels, rows, precision, recall, strict=False)
    ]
    lines.sort(key=lambda line: -int(line[1].replace(',', '')))
    return markdown_table(['class', 'test rows', 'precision', 'recall'], lines[:20])


def strongest_of(features: list, most: int) -> list:
    """In a wide table only the columns that told most by themselves are judged: each costs several predictions."""
    path = Path('eda/data/relations.json')
    skill = json.loads(path.read_text())['scores'] if path.exists() else {}
    return sorted(features, key=lambda name: (-(skill.get(name) or 0), name))[:most]


def importance_score(features: pd.DataFrame, truth: pd.Series) -> float:
    """The model's score on these rows, in the metric that importance is told in."""
    return scores_of(model, features, truth, PROBLEM, IMPORTANCE_METRIC).get(IMPORTANCE_METRIC, 0.0)


def loss_without(name: str, rows: pd.DataFrame, whole: float) -> tuple:
    """Mean and spread of what the score, `whole` on these rows, loses when the column's values are dealt out anew."""
    generator, losses = np.random.default_rng(PARAMETERS['seed']), []
    for _ in range(int(np.clip(60 // len(FEATURES), 2, 5))):
        dealt = rows[FEATURES].copy()
        dealt[name] = pd.Series(dealt[name].array[generator.permutation(len(rows))], index=rows.index)
        losses.append(whole - importance_score(dealt, rows[TARGET]))
    return float(np.mean(losses)), float(np.std(losses))


# 1. The splits and the chosen candidate.
metadata = json.loads(Path('prep/data/metadata.json').read_text())
comparison = json.loads(Path('train/data/candidates.json').read_text())
metadata['feature_columns'] = [
    name for name in metadata['feature_columns'] if name not in PARAMETERS['left_out']
]
PROBLEM, TARGET, FEATURES = metadata['problem_type'], metadata['target_column'], metadata['feature_columns']
CLASSES = PROBLEM != 'regression'
IMPORTANCE_METRIC = (
    METRIC
    if METRIC in ('accuracy', 'balanced_accuracy', 'roc_auc', 'f1_macro')
    and not (METRIC == 'roc_auc' and PROBLEM == 'multiclass')
    else ('accuracy' if CLASSES else 'r2')
)
splits = {name: pd.read_parquet(f'prep/data/{name}.parquet') for name in ('train', 'val', 'test')}
known = pd.concat([splits['train'], splits['val']], ignore_index=True)
by_time = metadata['split']['strategy'] in ('time', 'time_and_group')
preparation = without_columns(joblib.load('prep/data/prep_pipeline.pkl'), PARAMETERS['left_out'])
configure_dashboard(
    [
        {'title': f'{METRIC} fold by fold', 'metrics': [f'cv_{METRIC}'], 'type': 'scatter'},
        {'title': f'Mean {METRIC} so far', 'metrics': [f'cv_{METRIC}_mean'], 'type': 'line'},
        {'title': 'Held-out test', 'metrics': [f'test_{METRIC}'], 'type': 'bar'},
    ]
)

# 2. What to expect: more repeats of the cross-validation, for the chosen candidate alone.
sample = (
    known
    if len(known) <= PARAMETERS['max_rows']
    else (
        known.tail(PARAMETERS['max_rows'])
        if by_time
        else known.sample(PARAMETERS['max_rows'], random_state=PARAMETERS['seed'])
    )
)
sample = sample.reset_index(drop=True)
repeats = 1 if by_time else PARAMETERS['repeats']
trial = Task(PROBLEM, METRIC, len(sample), PARAMETERS['seed'])
belonging = belonging_of(sample, metadata)
cut = folds_of(
    sample[TARGET],
    CLASSES,
    PARAMETERS['folds'],
    repeats,
    PARAMETERS['seed'] + 1,
    belonging.groups,
    belonging.moments,
    by_time,
)
folds = cross_validate(
    [NAME],
    preparation,
    sample[FEATURES],
    sample[TARGET],
    cut,
    trial,
    lambda name, place, score, mean: log(
        place + 1, {f'cv_{METRIC}': score, f'cv_{METRIC}_mean': mean}, run=f'{name}-chosen'
    ),
)
scores = folds.scores[NAME]
if folds.failed or len(scores) < 2:
    raise RuntimeError(f'the chosen model could not be cross-validated: {dict(folds.failed)}')
rarest = float(sample[TARGET].value_counts(normalize=True).min()) if CLASSES else 0.0
forecast = expected_interval(scores, folds.sizes, trial, len(splits['test']), rarest)
interval = {'low': forecast.low, 'high': forecast.high}

# 3. Fit on train and look at val, then on both, then open the test split, once.
task = Task(PROBLEM, METRIC, len(known), PARAMETERS['seed'])
unfitted = model_of(NAME, preparation, task)
truth = splits['test'][TARGET]
validation = scores_of(
    clone(unfitted).fit(splits['train'][FEATURES], splits['train'][TARGET]),
    splits['val'][FEATURES],
    splits['val'][TARGET],
    PROBLEM,
)
model = clone(unfitted).fit(known[FEATURES], known[TARGET])
answers = Answers.of(model, splits['test'][FEATURES], PROBLEM)
test = metrics_of(answers, truth, PROBLEM)
reached = score_interval(answers, truth, task, belonging_of(splits['test'], metadata).units)
dummy = model_of('dummy', preparation, task).fit(known[FEATURES], known[TARGET])
baseline = scores_of(dummy, splits['test'][FEATURES], truth, PROBLEM)
log(1, {f'test_{name}': score for name, score in test.items()}, run=NAME)
log(1, {f'test_{name}': score for name, score in baseline.items()}, run='dummy')
inside = forecast.holds(test[METRIC])
Path('train/models').mkdir(parents=True, exist_ok=True)
joblib.dump(model, 'train/models/model.pkl')
write_package(Path('train/models'), planned_table().plan, measured_table(), FEATURES)

# 4. What it uses and where it errs.
some = splits['test'].head(1000)
judged = strongest_of(FEATURES, 20) if len(FEATURES) > 60 else FEATURES
whole = importance_score(some[FEATURES], some[TARGET])
importance = [
    {'feature': name, 'mean': mean, 'sd': sd}
    for name in judged
    for mean, sd in [loss_without(name, some, whole)]
]
importance.sort(key=lambda item: (-round(item['mean'], 6), item['feature']))
found = model.predict(splits['test'][FEATURES])
draw_comparison(comparison['candidates'])
draw_interval(scores)
draw_importance(importance)
if CLASSES:
    labels = list(model.classes_)
    draw_confusion(labels, truth, found)
    log_confusion_matrix('test', truth.tolist(), found.tolist())
    draw_certainty(truth, model.predict_proba(splits['test'][FEATURES])) if not PARAMETERS['plain'] else None
else:
    draw_residuals(truth, found)

# 5. For machines.
title = TITLES[NAME]
result = {
    'version': 1,
    'problem_type': PROBLEM,
    'target_column': TARGET,
    'feature_columns': FEATURES,
    'classes': metadata['classes'],
    'dropped_columns': dict.fromkeys(PARAMETERS['left_out'], 'excluded on request'),
    'model': {
        'name': NAME,
        'title': title,
        'parameters': {
            key: value
            for key, value in estimator(NAME, task).get_params(deep=False).items()
            if isinstance(value, (int, float, str, bool)) or value is None
        },
    },
    'primary_metric': METRIC,
    'metrics': {'test': test, 'baseline': baseline, 'validation': validation},
    'cv': {
        'metric': METRIC,
        'mean': float(scores.mean()),
        'sd': float(scores.std(ddof=1)),
        'folds': cut.get_n_splits() // repeats,
        'repeats': repeats,
        'strategy': 'forward in time' if by_time else ('stratified' if CLASSES else 'random'),
        'scores': scores.tolist(),
    },
    'candidates': comparison['candidates'],
    'prediction_interval': {
        'metric': METRIC,
        'level': 0.95,
        **{key: value if np.isfinite(value) else None for key, value in interval.items()},
        'test_value': test[METRIC],
        'inside': inside,
        'method': 'mean of the folds ± t · sd · sqrt(fold rows / test rows + 1/folds + fold rows / training rows)',
    },
    'score_interval': {
        'metric': METRIC,
        'level': 0.95,
        **{key: value if np.isfinite(value) else None for key, value in asdict(reached).items()},
        'method': 'the test alone, whole groups or stretches of time left out in turn; shares after Wilson',
    },
    'rows': {name: len(part) for name, part in splits.items()},
    'importance': importance,
    'versions': {'python': platform.python_version()}
    | {name: version(name) for name in ('scikit-learn', 'numpy', 'pandas', 'lightgbm')},
}
Path('train/data').mkdir(parents=True, exist_ok=True)
Path('train/data/metadata.json').write_text(json.dumps(result, ensure_ascii=False, indent=1))

# 6. For people.
# include: train_report
Path('train/report.md').write_text('\n\n'.join(part for part in sections if part) + '\n', encoding='utf-8')
print(f'train/report.md with {len(captions)} figures')
findings = {
    'chosen': NAME,
    'beware': beware if PARAMETERS['sharing'] == 'values' else [],
    'title': title,
    'inside': inside,
    'beats_dummy': bool(better),
}
if PARAMETERS['sharing'] != 'none':
    findings |= {
        'metric': METRIC,
        'cv_mean': float(scores.mean()),
        'cv_sd': float(scores.std(ddof=1)),
        'folds': len(scores),
        'test': test,
        'baseline': baseline[METRIC],
        'low': interval['low'],
        'high': interval['high'],
        'score_low': reached.low if np.isfinite(reached.low) else None,
        'score_high': reached.high if np.isfinite(reached.high) else None,
        'importance': [item['feature'] for item in importance[:5]],
    }
tell(findings)
