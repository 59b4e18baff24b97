"""Says what score to expect, then fits the chosen model, opens the test split once and reports.

Reads prep/data/train.parquet, prep/data/val.parquet, prep/data/test.parquet, eda/data/plan.json.
Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python train/scripts/<this file>`.
"""

import json
from pathlib import Path
from typing import Any

import joblib

from tempera import configure_dashboard, log, log_confusion_matrix
from tempera.choices import decided_training
from tempera.learning.final import Judged, expect, judge
from tempera.learning.package import write_package
from tempera.learning.source import measured_table, planned_table
from tempera.learning.training import Training, quietly
from tempera.reports import tell
from tempera.reports.figures import Gallery
from tempera.reports.training import beware, draw_judged, training_report

# PARAMETERS
PARAMETERS: dict[str, Any] = {
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

METRIC = PARAMETERS['metric']


def main() -> None:
    # 1. The splits and what was compared on them.
    training = Training.load(PARAMETERS)
    comparison = json.loads(Path('train/data/candidates.json').read_text())
    training, choices = decided_training(training, PARAMETERS, comparison)
    configure_dashboard(
        [
            {'title': f'{METRIC} fold by fold', 'metrics': [f'cv_{METRIC}'], 'type': 'scatter'},
            {'title': f'Mean {METRIC} so far', 'metrics': [f'cv_{METRIC}_mean'], 'type': 'line'},
            {'title': 'Held-out test', 'metrics': [f'test_{METRIC}'], 'type': 'bar'},
        ]
    )
    with quietly():
        # 2. What to expect: more repeats of the cross-validation, for the chosen candidate alone.
        expectation = expect(training, choices, show)

        # 3. Fit on train and look at val, then on both, then open the test split, once.
        judged = judge(training, expectation, choices, comparison)
        keep_model(judged)

        # 4. Figures and report: what it uses and where it errs.
        gallery = Gallery(Path('train'))
        draw_judged(judged, gallery)
        training_report(judged, gallery).write(Path('train'))

    # 5. For machines.
    Path('train/data/metadata.json').write_text(json.dumps(judged.metadata(), ensure_ascii=False, indent=1))
    print(f'train/report.md with {len(gallery.names)} figures')
    findings = {
        'chosen': judged.name,
        'title': judged.title,
        'inside': judged.is_inside,
        'beats_dummy': judged.beats_dummy,
    }
    if PARAMETERS['sharing'] == 'values':
        findings['beware'] = [sentence.plain for sentence in beware(judged)]
    if PARAMETERS['sharing'] != 'none':
        findings |= scores(judged)
    tell(findings)


def show(name: str, place: int, score: float, mean: float) -> None:
    """A fold's score on the dashboard."""
    log(place + 1, {f'cv_{METRIC}': score, f'cv_{METRIC}_mean': mean}, run=f'{name}-chosen')


def keep_model(judged: Judged) -> None:
    """train/models, whole in itself, and the scores of the test on the dashboard."""
    folder = Path('train/models')
    learned = judged.training.known[judged.training.features]
    write_package(folder, planned_table().plan, measured_table(), list(learned.columns), learned)
    joblib.dump(judged.model, folder / 'model.pkl')
    log(1, {f'test_{name}': score for name, score in judged.test.items()}, run=judged.name)
    log(1, {f'test_{name}': score for name, score in judged.baseline.items()}, run='dummy')
    if judged.training.is_classes:
        log_confusion_matrix('test', judged.truth.tolist(), judged.answers.found.tolist())


def scores(judged: Judged) -> dict[str, Any]:
    """How good it is, in numbers."""
    expected, reached = judged.expectation, judged.reached
    return {
        'metric': METRIC,
        'cv_mean': expected.mean,
        'cv_sd': expected.sd,
        'folds': len(expected.scores),
        'test': judged.test,
        'baseline': judged.baseline[METRIC],
        'low': expected.interval.low,
        'high': expected.interval.high,
        'score_low': reached.low,
        'score_high': reached.high,
        'importance': [one.feature for one in judged.importance[:5]],
    }


if __name__ == '__main__':
    main()
