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


def keep(name: str, caption: str, figure) -> None:
    save(figure, FIGURES / f'{name}.png')
    captions[name] = caption


def shown(name: str) -> str:
    return f'![{captions[name]}](figures/{name}.png)' if name in captions else ''


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
useful = [item for item in importance if item['mean'] > 2 * item['sd'] and item['mean'] > 0]
errors = ''
if CLASSES:
    wrong = pd.crosstab(truth.astype(str), pd.Series(found, index=truth.index).astype(str))
    pairs = [
        (int(wrong.loc[a, b]), a, b)
        for a in wrong.index
        for b in wrong.columns
        if a != b and wrong.loc[a, b] > 0
    ]
    pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2]))
    errors = f'{int((truth.to_numpy() == found).sum())} of {len(truth)} test rows are right. ' + (
        'Most often confused: '
        + '; '.join(
            f'{count} × `{cell_text(a, 40)}` taken for `{cell_text(b, 40)}`' for count, a, b in pairs[:3]
        )
        + '.'
        if pairs
        else 'None is wrong, which on so few rows does not mean that none ever will be.'
    )
else:
    gap = (truth - found).abs()
    errors = f'Half of the test rows are within {number_text(gap.median())} of the truth, nine in ten within {number_text(gap.quantile(0.9))}; the largest miss is {number_text(gap.max())}. The errors’ mean is {number_text((truth - found).mean())}, so the model is {"nearly unbiased" if abs((truth - found).mean()) < 0.15 * truth.std() else "biased here: its predictions are too " + ("low" if (truth - found).mean() > 0 else "high") + " on the whole"}.'
thresholds = threshold_table(truth, found)
beware = warnings_of(truth, found, thresholds)
named = WITH_ARTICLE.get(NAME, title)
expected = f'{score_text(scores.mean())} (sd {score_text(scores.std(ddof=1))} over {len(scores)} folds)'
metric_rows = [
    [
        name,
        *(
            score_text(scores_there[name], 4) if name in scores_there else '–'
            for scores_there in (test, baseline, validation)
        ),
    ]
    for name in test
]
better = (
    baseline[METRIC] > test[METRIC]
    if METRIC in ('log_loss', 'rmse', 'mae')
    else test[METRIC] > baseline[METRIC]
)
# One test split may be lucky: by cross-validation too the model must be better than the dummy, by a standard error.
promising = comparison.get('beats_dummy', True)
better = better and promising
sections = [
    f'# A model for `{TARGET}`',
    '## In short',
    (
        ''
        if promising
        else f'**Nothing here predicts `{TARGET}`**: by cross-validation no candidate is better than a dummy by more than chance. What follows describes the least bad one. '
    )
    + f'The chosen model, {named.replace(title, f"**{title}**")}, reaches **{METRIC} {score_text(test[METRIC])}** on {counted(len(truth), "row")} that it never saw; a dummy reaches {score_text(baseline[METRIC])}. Cross-validated on its own before the test was opened it had {expected}, from which a 95 % prediction interval of **{score_text(interval["low"])} to {score_text(interval["high"])}** follows for this test; the score lies {"inside it" if inside else "**outside it**"}.'
    + ('' if better else ' **It is not shown to beat the dummy: do not use it.**'),
    '\n'.join(f'- {line}' for line in beware),
    '## Comparison',
    f'Candidates were judged on the same {len(sample):,} rows of train and val{"" if len(sample) == len(known) else ", " + ("the latest" if by_time else "drawn at random") + f" of {len(known):,}"}, with the preprocessing fitted inside every fold. Metric: **{METRIC}** ({METRIC_WORDS[METRIC]}), because {as_clause(PARAMETERS["metric_reason"] or metadata.get("metric_reason") or "it fits the kind of target")}.'
    + (
        ' In the fit all classes weigh alike, because the metric counts them alike.'
        if CLASSES and class_weight() and NAME != 'kernel'
        else ''
    ),
    markdown_table(
        ['candidate', METRIC, 'sd of folds', 'standard error', 'seconds'],
        [
            [
                item['title'],
                *(score_text(item[key], 4) for key in ('mean', 'sd', 'se')),
                f'{item["seconds"]:.1f}',
            ]
            for item in comparison['candidates']
        ],
    ),
    shown('comparison'),
    f'**Chosen: {title}**, because {as_clause(PARAMETERS["reason"])}. '
    + (
        f'Its {len(scores)} folds, cut forwards in time, also say what to expect of the test: {expected}.'
        if by_time
        else f"It was then cross-validated once more, on {len(scores)} other folds, to know better what to expect of the test: {expected}. Its figure may differ a little from the table's, which serves to compare."
    ),
    '## The test',
    markdown_table(['metric', 'test', 'dummy', 'validation (trained on train alone)'], metric_rows),
    shown('interval'),
    errors,
    class_table(truth, found) if CLASSES else '',
    thresholds,
    shown('confusion'),
    shown('certainty'),
    shown('residuals'),
    undrawn_names(),
    '## What it uses',
    (
        f'Shuffling {listed([item["feature"] for item in useful], 4)} hurts it clearly; '
        + (
            'the other columns hardly matter on these rows.'
            if len(useful) < len(importance)
            else 'every column carries something.'
        )
    )
    if useful
    else 'No single column’s loss stands out from chance on these rows.'
    if len(importance) > 1
    else 'Shuffling its one column makes no difference beyond chance on these rows.',
    shown('importance'),
    '## What is uncertain',
    '\n'.join(
        f'- {line}'
        for line in [
            f'The interval assumes that new rows are like these. It reflects {len(truth):,} test rows; more would narrow it.',
            *(
                []
                if inside
                else [
                    'The test score fell outside the interval. One run in twenty does; if it repeats with another seed, the splits differ in kind.'
                ]
            ),
            'Correlated columns share importance, so a low bar does not mean that a column is useless.',
            *[
                f'Much hangs on `{name}`, of which it knows the values of the training rows only: expect less for rows with a new one.'
                for name in metadata.get('target_encoded', [])
                if name in [item['feature'] for item in useful]
            ],
            *(
                [
                    'Rows with equal features stand on both sides of the split, because too few combinations differ to hold them apart. The score speaks for combinations like these, not for new ones.'
                ]
                if metadata['split'].get('equal_rows') == 'mixed'
                else []
            ),
            *PARAMETERS['uncertain'],
        ]
    ),
    '## Model card',
    markdown_table(
        ['', ''],
        [
            ['Model', title],
            ['Predicts', f'{TARGET} ({PROBLEM})'],
            [
                'Inputs',
                f'{counted(len(FEATURES), "column")}: '
                + ', '.join(FEATURES[:8])
                + (f' and {len(FEATURES) - 8} more' if len(FEATURES) > 8 else ''),
            ],
            *([['Left out on request', ', '.join(PARAMETERS['left_out'])]] if PARAMETERS['left_out'] else []),
            ['Trained on', f'{len(known):,} rows (train and val)'],
            ['Judged on', f'{len(truth):,} held-out rows, opened once'],
            [
                'Intended use',
                'rows of the same origin as the upload'
                if promising
                else 'none: it is not shown to beat a dummy',
            ],
            ['Not for', 'rows of another origin, or decisions about people without review'],
            [
                'How to use it',
                "joblib.load('train/models/model.pkl').predict(DataFrame with the columns above)",
            ],
            ['Needs', 'train/models/requirements.txt'],
            ['Seed', PARAMETERS['seed']],
        ],
    ),
    '## Next steps',
    '\n'.join(
        [
            '1. Try the model on rows collected later than these.',
            '2. Look at the largest errors with someone who knows the rows.',
        ]
        + (['3. Collect more rows of the kind that is confused most.'] if CLASSES and pairs else [])
    ),
]
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
