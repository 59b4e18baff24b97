"""Compares a neural network with the candidates so far, on the same folds; on a GPU where the execution has one.

It needs torch, the extra `deep`. Where torch is not installed it says so, and the comparison stays as it was.
Reads prep/data/train.parquet, prep/data/val.parquet and prep/data/metadata.json.
Run by hand, in the folder that holds dataset/ and tempera/: `PYTHONPATH=. python train/scripts/<this file>`.
"""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tempera import configure_dashboard, log
from tempera.learning.choosing import joined
from tempera.learning.training import Training, quietly
from tempera.reports import tell

# PARAMETERS
PARAMETERS: dict[str, Any] = {
    'metric': 'accuracy',
    'folds': 5,
    'repeats': 1,
    'left_out': [],
    'max_rows': 20000,
    'sharing': 'values',
    'seed': 42,
}
# END OF PARAMETERS

METRIC, NETWORK = PARAMETERS['metric'], 'network'
CANDIDATES = Path('train/data/candidates.json')


def main() -> None:
    # 1. Without torch nothing is tried, and that is said.
    former = json.loads(CANDIDATES.read_text())
    if find_spec('torch') is None:
        print('torch is not installed: no network was tried')
        tell({'tried': False, 'failed': [], 'device': None} | names_of(former))
        return

    # 2. The same rows and folds as the candidates before.
    training = Training.load(PARAMETERS)
    cut = training.folds(PARAMETERS['folds'], PARAMETERS['repeats'], PARAMETERS['seed'])
    configure_dashboard([{'title': f'{METRIC} fold by fold', 'metrics': [f'cv_{METRIC}'], 'type': 'scatter'}])
    with quietly():
        folds = training.cross_validate([NETWORK], cut, show)

    # 3. One comparison of all: the simplest that the best does not clearly beat.
    comparison = joined(former, folds, training.task(len(training.sample))).to_json(METRIC)
    CANDIDATES.write_text(json.dumps(comparison, indent=1))
    findings = {'tried': True, 'failed': sorted(folds.failed), 'device': device()} | names_of(comparison)
    if PARAMETERS['sharing'] != 'none':
        shown = ('name', 'title', 'mean', 'sd', 'se')
        findings['candidates'] = [{key: one[key] for key in shown} for one in comparison['candidates']]
    tell(findings)


def names_of(comparison: dict[str, Any]) -> dict[str, Any]:
    """What the next step chooses by."""
    best = next(one['name'] for one in comparison['candidates'] if one['name'] != 'dummy')
    return {
        'metric': comparison['metric'],
        'best': best,
        'within_one_se': comparison['within_one_se'],
        'beats_dummy': comparison['beats_dummy'],
    }


def device() -> str:
    """What the network was trained on."""
    import torch

    return 'cuda' if torch.cuda.is_available() else 'cpu'


def show(name: str, place: int, score: float, mean: float) -> None:
    """A fold's score on the dashboard."""
    log(place + 1, {f'cv_{METRIC}': score, f'cv_{METRIC}_mean': mean}, run=name)


if __name__ == '__main__':
    main()
