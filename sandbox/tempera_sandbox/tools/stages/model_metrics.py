"""Metrics of a model's predictions on the test split, and of the dummy; computed where no pickle was loaded."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn import metrics as sk

from ..models.predictions import Predictions, RefusedError


def evaluate(
    found: Predictions, truth: pd.Series, learned: pd.Series, problem_type: str, notes: list[str]
) -> dict[str, Any]:
    """{metrics, baseline, rows}; `learned` is the target of the other splits. Raises RefusedError with a sentence."""
    if problem_type == 'regression':
        metrics, baseline = _regression(truth, found.values), _constant(truth, learned.astype(float))
    else:
        metrics = _classification(found, truth, notes)
        baseline = _dummy(truth, learned)
    return {'metrics': _finite(metrics), 'baseline': _finite(baseline), 'rows': len(truth)}


def _regression(truth: pd.Series, predicted: np.ndarray) -> dict[str, float]:
    actual, guess = truth.astype(float).to_numpy(), np.asarray(predicted, dtype=float)
    if not np.isfinite(guess).all():
        raise RefusedError('predicts missing or infinite values on the test split.')
    error = float(sk.mean_squared_error(actual, guess))
    return {
        'r2': float(sk.r2_score(actual, guess)) if len(actual) > 1 else float('nan'),
        'rmse': error**0.5,
        'mse': error,
        'mae': float(sk.mean_absolute_error(actual, guess)),
    }


def _constant(truth: pd.Series, learned: pd.Series) -> dict[str, float]:
    """Always the same number: the mean, and the median where absolute errors are what counts."""
    mean, median = (
        _regression(truth, np.full(len(truth), number)) for number in (learned.mean(), learned.median())
    )
    return mean | {'mae': median['mae']}


def _classification(found: Predictions, truth: pd.Series, notes: list[str]) -> dict[str, float]:
    actual, predicted = truth.to_numpy(), found.values
    if not set(map(str, _distinct(predicted))) & set(map(str, _distinct(actual))):
        raise RefusedError(
            f'predicts labels such as {predicted[0]!r:.80}, which the target never takes (such as {actual[0]!r:.80}). '
            "Let predict() give the target's own labels."
        )
    if set(_distinct(predicted)).isdisjoint(_distinct(actual)):
        notes.append(
            "model.pkl predicts labels of another type than the target's; they were compared as text."
        )
        actual, predicted = actual.astype(str), predicted.astype(str)
    metrics = _labels(actual, predicted)
    error = found.probabilities_error
    if found.probabilities is not None and not error:
        try:
            classes = np.asarray(found.classes).astype(actual.dtype)
            return metrics | _probabilities(actual, found.probabilities, classes)
        except (ValueError, TypeError) as failure:
            error = str(failure)[:150]
    if error:
        notes.append(f'Metrics of probabilities could not be computed ({error}).')
    return metrics


def _distinct(values: np.ndarray) -> list[Any]:
    return list(pd.unique(pd.Series(values)).tolist())


def _labels(actual: np.ndarray, predicted: np.ndarray) -> dict[str, float]:
    found = {
        'accuracy': float(sk.accuracy_score(actual, predicted)),
        'balanced_accuracy': float(sk.balanced_accuracy_score(actual, predicted)),
    }
    for average in ('macro', 'weighted', 'micro'):
        for name, score in (
            ('f1', sk.f1_score),
            ('precision', sk.precision_score),
            ('recall', sk.recall_score),
        ):
            found[f'{name}_{average}'] = float(score(actual, predicted, average=average, zero_division=0))
    labels = np.unique(actual)
    if len(labels) == 2:
        for name, score in (
            ('f1', sk.f1_score),
            ('precision', sk.precision_score),
            ('recall', sk.recall_score),
        ):
            found[f'{name}_positive'] = float(
                score(
                    actual, predicted, labels=labels, pos_label=labels[1], average='binary', zero_division=0
                )
            )
    return found


def _probabilities(actual: np.ndarray, given: np.ndarray, classes: np.ndarray) -> dict[str, float]:
    found: dict[str, float] = {'log_loss': float(sk.log_loss(actual, given, labels=classes))}
    if len(np.unique(actual)) < len(classes):
        return found
    if len(classes) == 2:
        found['roc_auc'] = float(sk.roc_auc_score(actual == classes[1], given[:, 1]))
        found['average_precision'] = float(sk.average_precision_score(actual == classes[1], given[:, 1]))
    else:
        found['roc_auc'] = float(sk.roc_auc_score(actual, given, multi_class='ovr', labels=classes))
    return found


def _dummy(truth: pd.Series, learned: pd.Series) -> dict[str, float]:
    """Always the most frequent class, with the classes' shares as probabilities."""
    actual = truth.to_numpy()
    shares = learned.value_counts(normalize=True).sort_index()
    classes = shares.index.to_numpy()
    guess = np.full(len(actual), classes[int(np.argmax(shares.to_numpy()))], dtype=actual.dtype)
    found = _labels(actual, guess)
    if set(actual.tolist()) <= set(classes.tolist()):
        found['log_loss'] = float(
            sk.log_loss(actual, np.tile(shares.to_numpy(), (len(actual), 1)), labels=classes)
        )
    if len(np.unique(actual)) > 1:
        found['roc_auc'] = 0.5
    return found


def _finite(found: dict[str, float]) -> dict[str, float | None]:
    return {name: value if np.isfinite(value) else None for name, value in found.items()}
