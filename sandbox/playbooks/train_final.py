"""Says what score to expect, then fits the chosen model, opens the test split once and reports.

Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python train/scripts/<this file>`.
"""

import json
import platform
from importlib.metadata import version
from pathlib import Path

import joblib
import matplotlib

matplotlib.use('Agg')
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

# include: candidate_imports
from scipy.stats import t
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support, roc_curve

from tempera import configure_dashboard, log, log_confusion_matrix

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
# include: candidates
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


def ranking_variance(area: float, rare: float, rows: int) -> float:
    """Of the area under the ROC curve by its rows alone (Hanley and McNeil), `rare` of them in the rarer class."""
    rare, other = max(rare, 1.0), max(rows - rare, 1.0)
    area = (area * rare + 2) / (rare + 4) if area > 0.5 else area
    first, second = area / (2 - area) - area**2, 2 * area**2 / (1 + area) - area**2
    return (area * (1 - area) + (rare - 1) * first + (other - 1) * second) / (rare * other)


def interval_of(scores: np.ndarray, sizes: list, test_rows: int) -> dict:
    """Where a score on `test_rows` new rows should fall 95 times of 100, judged from the folds.

    A fold's spread holds the luck of its rows and of its training; it is scaled to the test's size, and the
    doubt about the mean itself is added. Shares and rankings get at least the spread that so few rows alone would give.
    """
    learn, judge = (float(np.mean(values)) for values in zip(*sizes, strict=False))
    spread = float(scores.std(ddof=1))
    variance = spread**2 * (judge / test_rows + 1 / len(scores) + judge / learn)
    mean = float(scores.mean())
    if METRIC in ('accuracy', 'balanced_accuracy', 'f1_macro') or (
        METRIC == 'roc_auc' and PROBLEM == 'multiclass'
    ):
        likely = (mean * test_rows + 2) / (test_rows + 4)
        variance = max(variance, likely * (1 - likely) / test_rows)
    elif METRIC == 'roc_auc':
        variance = max(
            variance,
            ranking_variance(mean, test_rows * sample[TARGET].value_counts(normalize=True).min(), test_rows),
        )
    half = float(t.ppf(0.975, max(1, len(scores) - 1))) * float(np.sqrt(variance))
    top = 1.0 if METRIC not in ('log_loss', 'rmse', 'mae') else np.inf
    low = 0.0 if METRIC not in ('r2',) else -np.inf
    return {'low': max(low, mean - half), 'high': min(top, mean + half)}


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
cut = folds_of(
    sample[TARGET],
    PROBLEM,
    by_time,
    PARAMETERS['folds'],
    1 if by_time else PARAMETERS['repeats'],
    PARAMETERS['seed'] + 1,
    groups_of(sample, metadata),
    moments_of(sample, metadata),
)
scores, _, sizes, failed = cross_validate_live(
    {NAME: f'{NAME}-chosen'}, preparation, sample, FEATURES, TARGET, cut, PARAMETERS['seed']
)
if failed or len(scores[NAME]) < 2:
    raise RuntimeError(f'the chosen model could not be cross-validated: {failed}')
scores = scores[NAME]
interval = interval_of(scores, sizes, len(splits['test']))

# 3. Fit on train and look at val, then on both, then open the test split, once.
unfitted = model_of(NAME, preparation, CLASSES, len(known), PARAMETERS['seed'])
truth = splits['test'][TARGET]
validation = scores_of(
    clone(unfitted).fit(splits['train'][FEATURES], splits['train'][TARGET]),
    splits['val'][FEATURES],
    splits['val'][TARGET],
    PROBLEM,
)
model = clone(unfitted).fit(known[FEATURES], known[TARGET])
test = scores_of(model, splits['test'][FEATURES], truth, PROBLEM)
dummy = model_of('dummy', preparation, CLASSES, len(known), PARAMETERS['seed']).fit(
    known[FEATURES], known[TARGET]
)
baseline = scores_of(dummy, splits['test'][FEATURES], truth, PROBLEM)
log(1, {f'test_{name}': score for name, score in test.items()}, run=NAME)
log(1, {f'test_{name}': score for name, score in baseline.items()}, run='dummy')
inside = bool(interval['low'] <= test[METRIC] <= interval['high'])
Path('train/models').mkdir(parents=True, exist_ok=True)
joblib.dump(model, 'train/models/model.pkl')
write_package(Path('train/models'), planned_table().plan, measured_table(), FEATURES, known[FEATURES])

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
            for key, value in estimator(NAME, CLASSES, len(known), PARAMETERS['seed'])
            .get_params(deep=False)
            .items()
            if isinstance(value, (int, float, str, bool)) or value is None
        },
    },
    'primary_metric': METRIC,
    'metrics': {'test': test, 'baseline': baseline, 'validation': validation},
    'cv': {
        'metric': METRIC,
        'mean': float(scores.mean()),
        'sd': float(scores.std(ddof=1)),
        'folds': cut.get_n_splits() if by_time else cut.get_n_splits() // PARAMETERS['repeats'],
        'repeats': 1 if by_time else PARAMETERS['repeats'],
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
        'importance': [item['feature'] for item in importance[:5]],
    }
tell(findings)
