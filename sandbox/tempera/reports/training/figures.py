"""The figures of training: the comparison, what was expected and what came, what the model uses, where it errs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from sklearn.metrics import confusion_matrix, roc_curve

from ...learning.final import Judged
from ...learning.intervals import LEVEL
from ...learning.judging import importance_metric
from ..figures import BLUE, GREY, INK, ORANGE, Gallery, legend_beside
from ..words import score_text

_MOST_BARS, _MOST_LABELS = 15, 15
#: a dummy this many times the others' spread away would squeeze them into one point
_FAR = 4


def draw_judged(judged: Judged, gallery: Gallery) -> None:
    """All figures; `plain` in the choices leaves out certainty and calibration."""
    draw_comparison(judged, gallery)
    draw_interval(judged, gallery)
    draw_importance(judged, gallery)
    if not judged.training.is_classes:
        draw_residuals(judged, gallery)
        return
    draw_confusion(judged, gallery)
    if not judged.choices['plain']:
        draw_certainty(judged, gallery)


def draw_comparison(judged: Judged, gallery: Gallery) -> None:
    candidates = judged.comparison['candidates'][::-1]
    real = [one for one in candidates if one['name'] != 'dummy']
    dummy = next((one['mean'] for one in candidates if one['name'] == 'dummy'), None)
    low = min(one['mean'] - one['se'] for one in real)
    high = max(one['mean'] + one['se'] for one in real)
    room = (high - low) or 0.01
    label = f'cross-validated {judged.metric}, with its standard error'
    size = (6, 0.8 + 0.35 * len(candidates))
    with gallery.figure('comparison', 'Candidates on the same folds', size) as figure:
        axis, places = figure.subplots(), range(len(candidates))
        means, errors = [one['mean'] for one in candidates], [one['se'] for one in candidates]
        axis.errorbar(means, places, xerr=errors, fmt='o', color=BLUE, ecolor=GREY, capsize=3)
        axis.set_yticks(places, [one['title'] for one in candidates])
        axis.set_ylim(-0.6, len(candidates) - 0.4)
        if dummy is not None and not low - _FAR * room <= dummy <= high + _FAR * room:
            axis.set_xlim(low - room / 2, high + room / 2)
            label += f'; the dummy is off the scale at {score_text(dummy)}'
        axis.set_xlabel(label)


def draw_interval(judged: Judged, gallery: Gallery) -> None:
    caption = 'Scores of the folds, what was expected of the test, and what came'
    with gallery.figure('interval', caption, (6, 2.6)) as figure:
        fill_interval(figure.subplots(), judged)


def fill_interval(axis: Axes, judged: Judged) -> None:
    """A dummy far off would squeeze the rest into a corner: it is named in the legend instead."""
    scores, interval = judged.expectation.scores, judged.expectation.interval
    test, dummy = judged.test[judged.metric], judged.baseline[judged.metric]
    # scores that are all but equal have no range to cut into bins
    bins: Any = 15 if np.ptp(scores) > 1e-6 else np.linspace(scores.mean() - 0.01, scores.mean() + 0.01, 16)
    axis.hist(scores, bins=bins, color=GREY)
    shown = [*scores, *(end for end in (interval.low, interval.high) if np.isfinite(end)), test]
    low, high = min(shown), max(shown)
    room = 0.08 * ((high - low) or 1)
    label = f'{100 * LEVEL:.0f} % prediction interval'
    axis.axvspan(
        max(interval.low, low - room), min(interval.high, high + room), color=BLUE, alpha=0.12, label=label
    )
    axis.axvline(test, color=ORANGE, label='held-out test')
    if low - _FAR * room <= dummy <= high + _FAR * room:
        axis.axvline(dummy, color=INK, linestyle=':', label='dummy')
        low, high = min(low, dummy), max(high, dummy)
    else:
        axis.plot([], [], color=INK, linestyle=':', label=f'dummy, off the scale at {score_text(dummy)}')
    axis.set_xlim(low - room, high + room)
    axis.set_xlabel(judged.metric)
    axis.set_ylabel('folds')
    legend_beside(axis)


def draw_importance(judged: Judged, gallery: Gallery) -> None:
    best = judged.importance[:_MOST_BARS]
    caption = 'What the model uses, measured on the test split'
    with gallery.figure('importance', caption, (6, 0.6 + 0.25 * len(best))) as figure:
        axis = figure.subplots()
        errors = [one.sd for one in best]
        names, sizes = [one.feature for one in best], [one.mean for one in best]
        gallery.bars(axis, names, sizes, BLUE, xerr=errors, ecolor=GREY)
        axis.set_xlabel(f'loss of {importance_metric(judged.training)} when the column is shuffled')


def draw_confusion(judged: Judged, gallery: Gallery) -> None:
    labels = list(judged.model.classes_)
    matrix = confusion_matrix(judged.truth, judged.answers.found, labels=labels)
    size = (2 + 0.5 * len(labels), 1.6 + 0.45 * len(labels))
    with gallery.figure('confusion', 'Confusion matrix on the test split, in rows', size) as figure:
        axis = figure.subplots()
        axis.imshow(matrix, cmap='Blues')
        for row, column in np.ndindex(*matrix.shape) if len(labels) <= _MOST_LABELS else ():
            count = int(matrix[row, column])
            colour = 'white' if count > matrix.max() / 2 else INK
            axis.text(column, row, str(count), ha='center', va='center', color=colour)
        names, places = gallery.labels(labels, 14), range(len(labels))
        axis.set_xticks(places, names, rotation=45, ha='right', rotation_mode='anchor')
        axis.set_yticks(places, names)
        axis.set_xlabel('predicted')
        axis.set_ylabel('true')


def draw_certainty(judged: Judged, gallery: Gallery) -> None:
    truth, chances = judged.truth, judged.answers.chances
    assert chances is not None
    right = judged.answers.found == truth.to_numpy()
    caption = 'How sure the model is, and how often it is right when it is'
    with gallery.figure('certainty', caption, (7.5, 3), layout='constrained') as figure:
        first, second = figure.subplots(1, 2)
        if judged.training.problem == 'binary' and truth.nunique() == 2:
            _draw_ranking(first, judged, chances)
        else:
            parts = [chances.max(axis=1)[right], chances.max(axis=1)[~right]]
            first.hist(parts, bins=12, stacked=True, color=[BLUE, ORANGE], label=['right', 'wrong'])
            first.legend(frameon=False, loc='upper left')
            first.set_xlabel('probability of the answer')
            first.set_ylabel('rows')
            first.set_title('Certainty')
        _draw_calibration(second, chances.max(axis=1), right)


def _draw_ranking(axis: Axes, judged: Judged, chances: np.ndarray) -> None:
    false, true, _ = roc_curve(judged.truth, chances[:, 1], pos_label=judged.model.classes_[1])
    axis.plot(false, true, color=BLUE)
    axis.plot([0, 1], [0, 1], color=GREY, linestyle=':')
    axis.set_xlabel('false positive rate')
    axis.set_ylabel('true positive rate')
    axis.set_title('ROC')


def _draw_calibration(axis: Axes, sure: np.ndarray, right: np.ndarray) -> None:
    count = min(6, max(2, len(sure) // 10))
    bins = pd.qcut(pd.Series(sure).rank(method='first'), count, labels=False)
    stated, found = pd.Series(sure).groupby(bins).mean(), pd.Series(right).groupby(bins).mean()
    axis.plot(stated, found, 'o-', color=BLUE)
    axis.plot([0, 1], [0, 1], color=GREY, linestyle=':')
    axis.set_xlim(sure.min() - 0.05, 1.02)
    axis.set_xlabel('stated probability')
    axis.set_ylabel('share right')
    axis.set_title('Calibration')


def draw_residuals(judged: Judged, gallery: Gallery) -> None:
    truth, found, unit = judged.truth, judged.answers.found, judged.unit
    suffix = f' ({gallery.label(unit, 12)})' if unit else ''
    caption = 'Predictions and errors on the test split'
    with gallery.figure('residuals', caption, (7.5, 3.2), layout='constrained') as figure:
        first, second = figure.subplots(1, 2)
        first.scatter(truth, found, s=8, alpha=0.6, color=BLUE)
        ends = [float(min(truth.min(), found.min())), float(max(truth.max(), found.max()))]
        first.plot(ends, ends, color=GREY, linestyle=':')
        first.set_xlabel(f'true {gallery.label(judged.training.target)}{suffix}')
        first.set_ylabel(f'predicted{suffix}')
        second.hist(truth - found, bins=25, color=BLUE)
        second.axvline(0, color=INK, linestyle=':')
        second.set_xlabel(f'true − predicted{suffix}')
        second.set_ylabel('rows')
