"""The network: trained by torch where it is installed, asked by numpy alone anywhere."""

from __future__ import annotations

import json
import pickle
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone

from tempera.learning.candidates import SIMPLEST_FIRST, Task, estimator
from tempera.learning.choosing import FoldScores, compare, joined
from tempera.learning.learner_titles import TITLES
from tempera.learning.network import NetworkClassifier, NetworkRegressor

from .reports.sessions import run_playbook, run_session
from .reports.tables import coins

needs_torch = pytest.mark.skipif(
    find_spec('torch') is None, reason='torch, the extra `deep`, is not installed'
)
LAYERS = [
    (np.array([[1.0, -1.0], [0.5, 2.0]]), np.array([0.0, 1.0])),
    (np.array([[2.0, 0.0], [0.0, 1.0]]), np.array([0.5, 0.0])),
]


def test_answers_are_made_of_the_weights_alone() -> None:
    network = NetworkClassifier()
    network.layers_, network.classes_ = LAYERS, np.array(['no', 'yes'])
    first, second = [1.0, 2.0], [-3.0, 0.5]
    # hidden: max(0, [1 + 1, -1 + 4 + 1]) = [2, 4], max(0, [-3 + .25, 3 + 1 + 1]) = [0, 5]
    scores = np.array([[4.5, 4.0], [0.5, 5.0]])
    chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(network.predict_proba([first, second]), chances)
    assert network.predict([first, second]).tolist() == ['no', 'yes']
    assert 'torch' not in sys.modules or find_spec('torch')


def test_numbers_are_answered_on_the_scale_that_they_were_learned_from() -> None:
    network = NetworkRegressor()
    network.layers_, network.mean_, network.scale_ = [(np.array([[2.0]]), np.array([1.0]))], 100.0, 10.0
    assert network.predict([[3.0]]).tolist() == [170.0]


def test_it_is_a_candidate_the_last_to_be_simple() -> None:
    assert SIMPLEST_FIRST[-1] == 'network' and TITLES['network'] == 'neural network'
    assert isinstance(estimator('network', Task('regression', 'r2', 100, 7)), NetworkRegressor)
    balanced = estimator('network', Task('binary', 'f1_macro', 100, 7))
    assert clone(balanced).get_params()['balanced'] is True and balanced.seed == 7


def test_it_joins_a_comparison_that_was_made_before() -> None:
    task = Task('binary', 'accuracy', 100, 7)
    former = compare(folds(dummy=0.5, linear=0.8), task).to_json('accuracy')
    both = joined(former, folds(network=0.95), task)
    assert [one.name for one in both.candidates] == ['network', 'linear', 'dummy']
    assert both.within_one_se == ('network',) and both.beats_dummy
    worse = joined(former, folds(network=0.6), task)
    assert worse.best == 'linear' and worse.within_one_se == ('linear',)


def test_where_torch_is_missing_the_playbook_says_so_and_the_comparison_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = run_session(tmp_path / 'session', coins(tmp_path), 'column_4')
    before = session.json('train/data/candidates.json')
    monkeypatch.setitem(sys.modules, 'torch', None)
    monkeypatch.setattr('importlib.util.find_spec', lambda name: None)
    found = run_playbook(session.folder, 'train_network', {'metric': 'accuracy'})
    assert found['tried'] is False and found['within_one_se'] == before['within_one_se']
    assert session.json('train/data/candidates.json') == before


@needs_torch
def test_it_learns_what_no_line_can_and_is_the_same_from_its_pickle() -> None:
    random = np.random.default_rng(0)
    matrix = random.normal(size=(3000, 6))
    answer = np.where(matrix[:, 0] * matrix[:, 1] > 0, 'same', 'other')
    network = NetworkClassifier(most_epochs=60).fit(matrix[:2000], answer[:2000])
    assert (network.predict(matrix[2000:]) == answer[2000:]).mean() > 0.9
    pickled = pickle.dumps(network)
    assert b'torch' not in pickled
    np.testing.assert_array_equal(pickle.loads(pickled).predict_proba(matrix), network.predict_proba(matrix))
    numbers = NetworkRegressor(most_epochs=60).fit(matrix[:2000], 100 * matrix[:2000, 0] * matrix[:2000, 1])
    truth = 100 * matrix[2000:, 0] * matrix[2000:, 1]
    assert 1 - ((numbers.predict(matrix[2000:]) - truth) ** 2).sum() / (truth**2).sum() > 0.7


@needs_torch
def test_the_playbook_compares_it_on_the_same_folds(tmp_path: Path) -> None:
    session = run_session(tmp_path / 'session', coins(tmp_path), 'column_4')
    found = run_playbook(session.folder, 'train_network', {'metric': 'accuracy', 'folds': 3})
    assert found['tried'] is True and found['failed'] == []
    names = [one['name'] for one in json.loads(session.text('train/data/candidates.json'))['candidates']]
    assert sorted(names) == ['dummy', 'linear', 'network']


def folds(**means: float) -> FoldScores:
    """Scores that hardly differ from fold to fold."""
    scores = {name: np.array([mean - 0.01, mean, mean + 0.01]) for name, mean in means.items()}
    return FoldScores(scores, dict.fromkeys(means, 0.1), ((80, 20),) * 3, {})
