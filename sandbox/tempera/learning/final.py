"""The chosen model: what score to expect of it, then the one look at the test split."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from importlib.metadata import version
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from .belonging import belonging_of
from .candidates import estimator
from .intervals import LEVEL, Interval, expected_interval, score_interval
from .judging import (
    ClassFound,
    Importance,
    Threshold,
    classes_found,
    confusions,
    importances,
    rare_class,
    thresholds,
)
from .learner_titles import TITLES
from .scoring import Answers, metrics_of, scores_of
from .source import planned_table
from .thresholds import class_chances
from .training import Training

_VERSIONS = ('scikit-learn', 'numpy', 'pandas', 'lightgbm')


@dataclass(frozen=True)
class Expectation:
    """What the folds let expect of the test, before it is opened."""

    scores: np.ndarray
    folds: int
    repeats: int
    #: where the test's score should lie
    interval: Interval
    #: rows that a fold learns from and judges by, on the mean
    rows: tuple[float, float]
    #: which rows are in which fold; empty where a fold has no score
    fingerprint: str

    @property
    def mean(self) -> float:
        return float(self.scores.mean())

    @property
    def sd(self) -> float:
        return float(self.scores.std(ddof=1))


def expect(
    training: Training, choices: Mapping[str, Any], on_fold: Callable[[str, int, float, float], None]
) -> Expectation:
    """Cross-validates the chosen candidate alone, in {folds, repeats}. RuntimeError where it could not be fitted."""
    name, folds, repeats = choices['chosen'], choices['folds'], choices['repeats']
    repeats = 1 if training.by_time else repeats
    cut = training.folds(folds, repeats, training.seed + 1)
    found = training.cross_validate([name], cut, on_fold)
    scores = found.scores[name]
    if found.failed or len(scores) < 2:
        raise RuntimeError(f'the chosen model could not be cross-validated: {dict(found.failed)}')
    shares = training.sample[training.target].value_counts(normalize=True)
    interval = expected_interval(
        scores,
        found.sizes,
        training.task(len(training.sample)),
        len(training.test),
        float(shares.min()) if training.is_classes else 0.0,
    )
    learned, judged = (float(np.mean(rows)) for rows in zip(*found.sizes, strict=True))
    is_whole = len(scores) == len(found.sizes)
    fingerprint = training.fingerprint(cut) if is_whole else ''
    folds = cut.get_n_splits() // repeats
    return Expectation(scores, folds, repeats, interval, (learned, judged), fingerprint)


@dataclass(frozen=True)
class Judged:
    """A fitted model with its scores. `choices` are the script's parameters, `comparison` what was compared before."""

    choices: Mapping[str, Any]
    comparison: Mapping[str, Any]
    training: Training
    expectation: Expectation
    #: preprocessing and candidate, unfitted
    unfitted: Pipeline
    #: the same, fitted on train and val
    model: Pipeline
    answers: Answers
    #: metrics on the test: of the model, of the dummy
    test: Mapping[str, float]
    baseline: Mapping[str, float]
    #: on val, fitted on train alone
    validation: Mapping[str, float]
    #: where the score on new rows of the same kind should lie, judged from the test's rows alone
    reached: Interval

    @property
    def name(self) -> str:
        return str(self.choices['chosen'])

    @property
    def title(self) -> str:
        return TITLES[self.name]

    @property
    def metric(self) -> str:
        return self.training.metric

    @property
    def truth(self) -> Any:
        """The test's answers."""
        return self.training.test[self.training.target]

    @cached_property
    def unit(self) -> str:
        """Of the target; empty where it has none."""
        return planned_table().plan.column(self.training.target).unit

    @property
    def is_inside(self) -> bool:
        """Whether the test's score lies where it was expected."""
        return self.expectation.interval.holds(self.test[self.metric])

    @property
    def is_promising(self) -> bool:
        """By cross-validation better than the dummy, by more than chance."""
        return bool(self.comparison.get('beats_dummy', True))

    @property
    def beats_dummy(self) -> bool:
        """One test split may be lucky: by cross-validation, too, the model must be better."""
        ours, theirs = self.test[self.metric], self.baseline[self.metric]
        lower = self.training.task(0).lower_is_better
        return self.is_promising and (ours < theirs if lower else ours > theirs)

    @cached_property
    def importance(self) -> list[Importance]:
        return importances(self.training, self.model)

    @cached_property
    def classes(self) -> list[ClassFound]:
        """Empty for numbers."""
        if self.answers.labels is None:
            return []
        return classes_found(list(self.answers.labels), self.truth, self.answers.found)

    @cached_property
    def confusions(self) -> list[tuple[int, str, str]]:
        """Empty for numbers."""
        return confusions(self.truth, self.answers.found) if self.training.is_classes else []

    @cached_property
    def rare(self) -> Any:
        """The class for which a threshold of its own may be wanted; null where there is none."""
        missed = [one.label for one in self.classes if one.is_missed]
        return rare_class(self.training, missed)

    @cached_property
    def thresholds(self) -> list[Threshold]:
        """For that class."""
        if self.rare is None:
            return []
        chances, _ = class_chances(self.training, self.unfitted, self.rare, self.choices['folds'])
        return thresholds(chances, self.training.sample[self.training.target] == self.rare)

    def metadata(self) -> dict[str, Any]:
        """What `train/data/metadata.json` holds; sandbox/playbooks/CONTRACT.md says what each entry means."""
        training = self.training
        return {
            'version': 1,
            'problem_type': training.problem,
            'target_column': training.target,
            'feature_columns': training.features,
            'classes': training.metadata['classes'],
            'dropped_columns': dict.fromkeys(training.left_out, 'excluded on request'),
            'model': {'name': self.name, 'title': self.title, 'parameters': self._parameters()},
            'threshold': self._threshold(),
            'primary_metric': self.metric,
            'metrics': {
                'test': dict(self.test),
                'baseline': dict(self.baseline),
                'validation': dict(self.validation),
            },
            'cv': self._cross_validation(),
            'candidates': self.comparison['candidates'],
            'prediction_interval': _bounds(self.metric, self.expectation.interval)
            | {
                'test_value': self.test[self.metric],
                'inside': self.is_inside,
                'method': 'mean of the folds ± t · sd · '
                'sqrt(fold rows / test rows + 1/folds + fold rows / training rows)',
            },
            'score_interval': _bounds(self.metric, self.reached)
            | {
                'method': 'the test alone, whole groups or stretches of time left out in turn; shares after Wilson'
            },
            'rows': {'train': len(training.train), 'val': len(training.val), 'test': len(training.test)},
            'importance': [asdict(one) for one in self.importance],
            'versions': {'python': platform.python_version()} | {name: version(name) for name in _VERSIONS},
        }

    def _parameters(self) -> dict[str, Any]:
        task = replace(self.training.task(len(self.training.known)), named_from=None)
        settings = estimator(self.name, task).get_params(deep=False)
        return {
            key: value
            for key, value in settings.items()
            if isinstance(value, (int, float, str, bool)) or value is None
        }

    def _threshold(self) -> dict[str, Any] | None:
        named_from = self.training.named_from
        if named_from is None:
            return None
        return {'class': str(named_from.label), 'probability': named_from.threshold}

    def _cross_validation(self) -> dict[str, Any]:
        plain = 'stratified' if self.training.is_classes else 'random'
        return {
            'metric': self.metric,
            'mean': self.expectation.mean,
            'sd': self.expectation.sd,
            'folds': self.expectation.folds,
            'repeats': self.expectation.repeats,
            'strategy': 'forward in time' if self.training.by_time else plain,
            'scores': self.expectation.scores.tolist(),
            'learned_rows': self.expectation.rows[0],
            'judged_rows': self.expectation.rows[1],
            'fingerprint': self.expectation.fingerprint or None,
        }


def judge(
    training: Training, expectation: Expectation, choices: Mapping[str, Any], comparison: Mapping[str, Any]
) -> Judged:
    """Fits on train and looks at val, then on both, then opens the test split, once."""
    unfitted = training.model(choices['chosen'])
    features, target, problem = training.features, training.target, training.problem
    train, val, known, test = training.train, training.val, training.known, training.test
    on_train = clone(unfitted).fit(train[features], train[target])
    model = clone(unfitted).fit(known[features], known[target])
    answers, truth = Answers.of(model, test[features], problem), test[target]
    units = belonging_of(test, training.metadata).units
    return Judged(
        choices=choices,
        comparison=comparison,
        training=training,
        expectation=expectation,
        unfitted=unfitted,
        model=model,
        answers=answers,
        test=metrics_of(answers, truth, problem),
        baseline=_baseline(training),
        validation=scores_of(on_train, val[features], val[target], problem),
        reached=score_interval(answers, truth, training.task(len(known)), units),
    )


def _baseline(training: Training) -> dict[str, float]:
    """What always the same answer reaches on the test: by each metric the one that is best by it."""
    known, test, task = training.known, training.test, training.task(len(training.known))
    found: dict[str, float] = {}
    for metric in (task.metric, 'r2', 'rmse', 'mae') if task.problem == 'regression' else (task.metric,):
        dummy = estimator('dummy', replace(task, metric=metric))
        dummy.fit(known[training.features], known[training.target])
        only = metric if task.problem == 'regression' else None
        found |= scores_of(dummy, test[training.features], test[training.target], task.problem, only)
    return found


def _bounds(metric: str, interval: Interval) -> dict[str, Any]:
    return {'metric': metric, 'level': LEVEL} | {
        name: value if np.isfinite(value) else None for name, value in asdict(interval).items()
    }
