"""The candidates that a model is chosen from: few and different, gentle on small tables, the same on every machine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import TransformedTargetRegressor
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR

from ..tables.measured.findings import Problem
from .named_from import NamedFrom
from .network import NetworkClassifier, NetworkRegressor

BLEND = ('linear', 'extra_trees', 'boosting')
SIMPLEST_FIRST = ('linear', 'log_linear', 'kernel', 'extra_trees', 'forest', 'boosting', 'blend', 'network')
#: rows below which boosting and forests are gentler
_FEW_ROWS = 1000


@dataclass(frozen=True)
class Task:
    """What candidates are fitted for."""

    problem: Problem
    metric: str
    #: rows to learn from
    rows: int
    seed: int
    #: None: of two classes the likelier one is named
    named_from: NamedFrom | None = None

    @property
    def is_classes(self) -> bool:
        """Whether labels are told apart."""
        return self.problem != 'regression'

    @property
    def lower_is_better(self) -> bool:
        """Whether the metric is a loss."""
        return self.metric in ('log_loss', 'rmse', 'mae')

    @property
    def class_weight(self) -> str | None:
        """Classes weigh alike in the fit where the metric counts them alike: rare ones would else never be named."""
        return 'balanced' if self.metric in ('balanced_accuracy', 'f1_macro') else None


def estimator(name: str, task: Task) -> Any:
    """One candidate by name, unfitted, without its preprocessing. ValueError where there is none of that name."""
    makers = {
        'dummy': _dummy,
        'linear': _linear,
        'log_linear': _log_linear,
        'kernel': _kernel,
        'forest': _forest,
        'extra_trees': _extra_trees,
        'boosting': _boosting,
        'blend': _blend,
        'network': _network,
    }
    if name not in makers:
        raise ValueError(f'there is no candidate called {name!r}')
    made = makers[name](task)
    return made if task.named_from is None or name == 'dummy' else task.named_from.wrap(made)


def model_of(name: str, preparation: Pipeline, task: Task) -> Pipeline:
    """Preprocessing and model in one, so that every fold fits both."""
    return Pipeline([('prepare', clone(preparation)), ('model', estimator(name, task))])


def without_columns(preparation: Pipeline, left_out: list[str]) -> Pipeline:
    """The preprocessing, unfitted, as if these columns had never been prepared."""
    if not left_out:
        return preparation
    return Pipeline(
        [('columns', preparation.named_steps['columns'].without(left_out)), ('scale', StandardScaler())]
    )


def _dummy(task: Task) -> Any:
    """The best that always says the same, by the metric: absolute errors are least around the median."""
    if task.is_classes:
        return DummyClassifier(strategy='prior')
    return DummyRegressor(strategy='median' if task.metric == 'mae' else 'mean')


def _ridge() -> RidgeCV:
    return RidgeCV(alphas=np.logspace(-2, 3, 11))


def _linear(task: Task) -> Any:
    if not task.is_classes:
        return _ridge()
    return LogisticRegression(C=0.5, max_iter=2000, class_weight=task.class_weight)


def _log_linear(task: Task) -> Any:
    if task.is_classes:
        raise ValueError("there is no candidate called 'log_linear' for labels")
    return TransformedTargetRegressor(_ridge(), func=np.log1p, inverse_func=np.expm1)


def _kernel(task: Task) -> Any:
    if not task.is_classes:
        machine = SVR(C=8.0, gamma='scale', epsilon=0.1)
        return TransformedTargetRegressor(machine, transformer=StandardScaler())
    machine = SVC(C=2.0, gamma='scale', random_state=task.seed, class_weight=task.class_weight)
    return CalibratedClassifierCV(machine, ensemble=False, cv=3)


def _trees(kind: Any, task: Task) -> Any:
    """Leaves grow with the table so that time stays bounded."""
    own = (
        {'max_features': 'sqrt', 'class_weight': task.class_weight}
        if task.is_classes
        else {'max_features': 0.5}
    )
    return kind(
        n_estimators=150 if task.rows < 5000 else 100,
        min_samples_leaf=max(1, task.rows // 5000) + (task.rows > 300),
        random_state=task.seed,
        n_jobs=1,
        **own,
    )


def _forest(task: Task) -> Any:
    return _trees(RandomForestClassifier if task.is_classes else RandomForestRegressor, task)


def _extra_trees(task: Task) -> Any:
    return _trees(ExtraTreesClassifier if task.is_classes else ExtraTreesRegressor, task)


def _boosting(task: Task) -> Any:
    """One thread and a fixed seed, so that it repeats exactly."""
    settings: dict[str, Any] = {
        'n_estimators': 120 if task.rows < 2 * _FEW_ROWS else 300,
        'learning_rate': 0.06,
        'num_leaves': 8 if task.rows < _FEW_ROWS else 31,
        'min_child_samples': 5 if task.rows < _FEW_ROWS / 5 else 15,
        'subsample': 0.8,
        'subsample_freq': 1,
        'colsample_bytree': 0.8,
        'reg_lambda': 1.0,
        'random_state': task.seed,
        'n_jobs': 1,
        'deterministic': True,
        'force_row_wise': True,
        'verbosity': -1,
    }
    if task.is_classes:
        return LGBMClassifier(**settings, class_weight=task.class_weight)
    return LGBMRegressor(**settings)


def _blend(task: Task) -> Any:
    alone = replace(task, named_from=None)
    members = [(member, estimator(member, alone)) for member in BLEND]
    return VotingClassifier(members, voting='soft') if task.is_classes else VotingRegressor(members)


def _network(task: Task) -> Any:
    """Fitted by torch, which must be there: the extra `deep`."""
    if task.is_classes:
        return NetworkClassifier(balanced=task.class_weight is not None, seed=task.seed)
    return NetworkRegressor(seed=task.seed)
