"""Compares candidates by repeated cross-validation on train + val, preprocessing fitted inside every fold.

Reads prep/data/train.parquet, prep/data/val.parquet and prep/data/metadata.json.
Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python train/scripts/<this file>`.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tempera import configure_dashboard, log
from tempera.learning.choosing import Candidate, compare
from tempera.learning.training import Training, quietly
from tempera.reports import tell

# PARAMETERS
PARAMETERS: dict[str, Any] = {
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

METRIC = PARAMETERS['metric']


def main() -> None:
    # 1. Train and val together: cross-validation makes its own validation rows. Test is not read here.
    training = Training.load(PARAMETERS)
    cut = training.folds(PARAMETERS['folds'], PARAMETERS['repeats'], PARAMETERS['seed'])

    # 2. Every candidate on the same folds, shown as it is done. One that fails is told and left out.
    configure_dashboard(
        [
            {'title': f'{METRIC} fold by fold', 'metrics': [f'cv_{METRIC}'], 'type': 'scatter'},
            {'title': f'Mean {METRIC} so far', 'metrics': [f'cv_{METRIC}_mean'], 'type': 'line'},
        ]
    )
    with quietly():
        folds = training.cross_validate(PARAMETERS['candidates'], cut, show)

    # 3. One standard error: the simplest candidate that the best does not clearly beat.
    comparison = compare(folds, training.task(len(training.sample)))
    for candidate in comparison.candidates:
        print(f'{candidate.title}: {in_words(candidate)}')
    Path('train/data').mkdir(parents=True, exist_ok=True)
    Path('train/data/candidates.json').write_text(json.dumps(comparison.to_json(METRIC), indent=1))

    # 4. Tell.
    findings = {
        'metric': METRIC,
        'best': comparison.best,
        'within_one_se': comparison.within_one_se,
        'beats_dummy': comparison.beats_dummy,
        'failed': sorted(comparison.failed),
    }
    if PARAMETERS['sharing'] != 'none':
        shown = ('name', 'title', 'mean', 'sd', 'se')
        findings['candidates'] = [
            {key: asdict(candidate)[key] for key in shown} for candidate in comparison.candidates
        ]
    tell(findings)


def show(name: str, place: int, score: float, mean: float) -> None:
    """A fold's score on the dashboard."""
    log(place + 1, {f'cv_{METRIC}': score, f'cv_{METRIC}_mean': mean}, run=name)


def in_words(candidate: Candidate) -> str:
    """Its scores, where they are shared."""
    if PARAMETERS['sharing'] == 'none':
        return 'done'
    return f'{METRIC} {candidate.mean:.4f} (sd {candidate.sd:.4f})'


if __name__ == '__main__':
    main()
