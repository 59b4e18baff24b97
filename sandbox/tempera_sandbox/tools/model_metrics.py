"""Metrics of a model on the test split and of the dummy baseline. Runs in the fresh process only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from sklearn import metrics as sk


def evaluate(model: Any, pipeline: Any, request: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    """{metrics, baseline, rows, problem_type, warnings}. Raises RuntimeError with a sentence for the agent."""
    target = request['target']
    splits = {name: pd.read_parquet(path) for name, path in request['splits'].items()}
    test = splits['test']
    if target not in test.columns:
        raise RuntimeError(f'cannot be checked: the test split lacks the target {target!r}.')
    frame, predicted = _predict(model, pipeline, test, request, notes)
    truth = test[target]
    if len(predicted) != len(test):
        raise RuntimeError(f'gives {len(predicted)} predictions for the {len(test)} rows of the test split.')
    learned = pd.concat([part[target] for name, part in splits.items() if name != 'test'])
    if request['problem_type'] == 'regression':
        found, baseline = (
            _regression(truth, predicted),
            _regression(truth, np.full(len(truth), learned.astype(float).mean())),
        )
    else:
        found = _classification(model, frame, truth, predicted, notes)
        baseline = _dummy(truth, learned)
    return {'metrics': _finite(found), 'baseline': _finite(baseline), 'rows': len(test), 'warnings': notes}


def _predict(
    model: Any, pipeline: Any, test: pd.DataFrame, request: dict[str, Any], notes: list[str]
) -> tuple[Any, np.ndarray]:
    """Predicts with the features as the model takes them: the first form that works."""
    features = [name for name in request['features'] if name in test.columns] or [
        name for name in test.columns if name != request['target']
    ]
    frames: list[tuple[str, Callable[[], Any]]] = [
        ('features', lambda: test[features]),
        ('whole rows', lambda: test),
    ]
    if pipeline is not None:
        frames += [
            ('rows transformed by prep_pipeline.pkl', lambda: pipeline.transform(test[features])),
            ('whole rows transformed by prep_pipeline.pkl', lambda: pipeline.transform(test)),
        ]
    tried: list[str] = []
    for name, frame_of in frames:
        try:
            frame = frame_of()
            predicted = np.asarray(model.predict(frame)).reshape(len(test), -1)[:, 0]
        except Exception as error:  # the model is the agent's code
            tried.append(f'on {name}: {type(error).__name__}: {str(error)[:200]}')
            continue
        if 'transformed' in name:
            notes.append(
                'model.pkl takes transformed rows only: save a Pipeline of preparation and model, so that '
                'it predicts from rows as they are.'
            )
        return frame, predicted
    raise RuntimeError(
        f'loads but does not predict the test split ({tried[0]}). Save a fitted Pipeline whose '
        "predict() takes the splits' feature columns."
    )


def _regression(truth: pd.Series, predicted: np.ndarray) -> dict[str, float]:
    actual, guess = truth.astype(float).to_numpy(), np.asarray(predicted, dtype=float)
    if not np.isfinite(guess).all():
        raise RuntimeError('predicts missing or infinite values on the test split.')
    error = float(sk.mean_squared_error(actual, guess))
    return {
        'r2': float(sk.r2_score(actual, guess)) if len(actual) > 1 else float('nan'),
        'rmse': error**0.5,
        'mse': error,
        'mae': float(sk.mean_absolute_error(actual, guess)),
    }


def _classification(
    model: Any, frame: Any, truth: pd.Series, predicted: np.ndarray, notes: list[str]
) -> dict[str, float]:
    actual = truth.to_numpy()
    if not set(map(str, np.unique(predicted))) & set(map(str, np.unique(actual))):
        raise RuntimeError(
            f'predicts labels such as {predicted[0]!r}, which the target never takes (such as '
            f"{actual[0]!r}). Let predict() give the target's own labels."
        )
    if set(np.unique(predicted).tolist()).isdisjoint(np.unique(actual).tolist()):
        notes.append(
            "model.pkl predicts labels of another type than the target's; they were compared as text."
        )
        actual, predicted = actual.astype(str), predicted.astype(str)
    found = _labels(actual, predicted)
    classes = getattr(model, 'classes_', None)
    if classes is None or not hasattr(model, 'predict_proba'):
        return found
    try:
        return found | _probabilities(
            actual, np.asarray(model.predict_proba(frame)), np.asarray(classes).astype(actual.dtype)
        )
    except Exception as error:  # the model is the agent's code
        notes.append(f'Metrics of probabilities could not be computed ({str(error)[:150]}).')
        return found


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
