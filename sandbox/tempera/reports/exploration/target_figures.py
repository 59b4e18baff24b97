"""The exploration's figures of the target: itself, along time, and against what tells most of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..figures import (
    BLUE,
    CLASS_COLOURS,
    GREY,
    INK,
    ORANGE,
    Gallery,
    date_axis,
    grid,
    grid_size,
    legend_beside,
    steps_of,
)
from .explored import Explored
from .figures import labelled

_MOST_CLASSES, _MOST_POINTS, _MOST_SIGNALS, _MOST_LINES, _SHOWN = 20, 3000, 20, 5, 8
#: rows of which a mean along time is made, as a part of all
_WINDOW = 60


def draw_target_figures(explored: Explored, gallery: Gallery) -> None:
    """Every figure of the target; `plain` in the choices leaves out those of single columns against it."""
    draw_target(explored, gallery)
    if explored.scores:
        draw_signal(explored, gallery)
    if explored.choices['plain']:
        return
    if explored.strongest:
        draw_strongest(explored, gallery, explored.strongest[:3])
        pair = [name for name in explored.strongest if name in explored.numbers][:2]
        if len(pair) == 2:
            draw_pair(explored, gallery, *pair)
    if explored.dates:
        draw_time(explored, gallery, explored.dates[0])


def draw_target(explored: Explored, gallery: Gallery) -> None:
    target, answer = explored.target, explored.answer
    if explored.is_classes:
        counts = answer.astype(str).value_counts().head(_MOST_CLASSES)
        with gallery.figure(
            'target', f'Rows of each value of {target}', (6, 0.9 + 0.3 * len(counts))
        ) as figure:
            axis = figure.subplots()
            colours = [colour_of(explored, label) for label in counts.index]
            gallery.bars(axis, counts.index, counts.to_numpy(), colours)
            axis.set_xlabel('rows')
        return
    with gallery.figure('target', f'Distribution of {target}', (6, 3)) as figure:
        axis = figure.subplots()
        axis.hist(answer, bins=steps_of(answer), color=BLUE)
        axis.axvline(answer.mean(), color=ORANGE, label='mean')
        axis.axvline(answer.median(), color=INK, linestyle=':', label='median')
        axis.set_xlabel(labelled(explored, gallery, target))
        axis.set_ylabel('rows')
        legend_beside(axis)


def draw_signal(explored: Explored, gallery: Gallery) -> None:
    best, target = explored.scores[:_MOST_SIGNALS], explored.target
    colours = [ORANGE if name in explored.leaks else BLUE for name, _ in best]
    caption = f'What each column alone tells of {target}' + (
        '; orange gives it away' if ORANGE in colours else ''
    )
    measure, guess = ('skill', 'guessing') if explored.is_classes else ('R²', 'the mean')
    with gallery.figure('signal', caption, (6, 0.6 + 0.22 * len(best))) as figure:
        axis = figure.subplots()
        gallery.bars(axis, [name for name, _ in best], [score for _, score in best], colours)
        axis.set_xlabel(f'{measure} of a quick learner on this column alone (0 {guess}, 1 perfect)')
        axis.set_xlim(0, 1)


def draw_strongest(explored: Explored, gallery: Gallery, names: list[str]) -> None:
    caption, size = f'The strongest columns against {explored.target}', grid_size(len(names), 3.4, 2.8)
    with gallery.figure('strongest', caption, size, layout='constrained') as figure:
        for axis, name in zip(grid(figure, len(names)), names, strict=True):
            draw_against(explored, gallery, axis, name)
            axis.set_title(labelled(explored, gallery, name))
            axis.tick_params(labelsize=7)


def draw_against(explored: Explored, gallery: Gallery, axis: Axes, name: str) -> None:
    """One column against the target, in the form that fits the two kinds."""
    target, kind = explored.target, explored.kinds[name]
    some = explored.drawn[[name, target]].dropna().head(_MOST_POINTS)
    if explored.is_classes and kind == 'number':
        labels = common_labels(explored)
        boxes = axis.boxplot(
            [some[name][some[target].astype(str) == label] for label in labels],
            tick_labels=gallery.labels(labels, 10),
            patch_artist=True,
            medianprops={'color': INK},
            flierprops={'markersize': 2},
        )
        for box, label in zip(boxes['boxes'], labels, strict=True):
            box.set_facecolor(colour_of(explored, label))
        axis.set_xlabel(gallery.label(target), fontsize=8)
    elif explored.is_classes and kind != 'date':
        shares = pd.crosstab(some[name], some[target].astype(str), normalize='index')
        draw_shares(explored, gallery, axis, shares.head(_SHOWN))
    elif kind in ('number', 'date'):
        _scatter(explored, gallery, axis, some[name], some[target])
        if kind == 'date':
            date_axis(axis)
    else:
        labels = list(some[name].value_counts().index[:_SHOWN])
        axis.boxplot(
            [some[target][some[name] == label] for label in labels],
            tick_labels=gallery.labels(labels, 10),
            flierprops={'markersize': 2},
        )
        axis.set_ylabel(labelled(explored, gallery, target), fontsize=8)
        axis.tick_params(axis='x', rotation=45)


def _scatter(explored: Explored, gallery: Gallery, axis: Axes, values: Any, answer: Any) -> None:
    if not explored.is_classes:
        axis.scatter(values, answer, s=5, alpha=0.5, color=BLUE)
        axis.set_ylabel(labelled(explored, gallery, explored.target), fontsize=8)
        return
    classes = pd.Categorical(answer.astype(str))
    axis.scatter(values, classes.codes, s=5, alpha=0.5, color=BLUE)
    named = list(classes.categories[:12])
    axis.set_yticks(range(len(named)), gallery.labels(named, 12))


def draw_shares(explored: Explored, gallery: Gallery, axis: Axes, shares: pd.DataFrame) -> None:
    """A stacked bar for each category: the classes' shares of its rows, the commonest by name, the rest as one."""
    common = [label for label in common_labels(explored, 7) if label in shares.columns]
    parts = shares[common]
    if len(common) < len(shares.columns):
        parts = parts.assign(others=shares.drop(columns=common).sum(axis=1))
    below = np.zeros(len(parts))
    for label in parts.columns:
        colour, named = colour_of(explored, label), gallery.label(label, 16)
        axis.bar(range(len(parts)), parts[label], bottom=below, width=0.8, color=colour, label=named)
        below = below + parts[label].to_numpy()
    axis.set_xticks(range(len(parts)), gallery.labels(parts.index, 10), rotation=45)
    axis.set_ylabel('share of rows')
    legend_beside(axis)


def draw_pair(explored: Explored, gallery: Gallery, first: str, second: str) -> None:
    target = explored.target
    some = explored.drawn[[first, second, target]].dropna().head(_MOST_POINTS)
    caption = f'The two strongest number columns together, coloured by {target}'
    with gallery.figure('pair', caption, (5, 4)) as figure:
        axis = figure.subplots()
        if explored.is_classes:
            for label in common_labels(explored):
                part = some[some[target].astype(str) == label]
                colour, named = colour_of(explored, label), gallery.label(label)
                axis.scatter(part[first], part[second], s=10, alpha=0.6, color=colour, label=named)
            legend_beside(axis)
        else:
            points = axis.scatter(some[first], some[second], c=some[target], s=10, cmap='viridis')
            figure.colorbar(points, label=labelled(explored, gallery, target))
        axis.set_xlabel(labelled(explored, gallery, first))
        axis.set_ylabel(labelled(explored, gallery, second))


def draw_time(explored: Explored, gallery: Gallery, name: str) -> None:
    """The target along a date: a number with its mean, or the share of each class; by month where all are there."""
    table, target = explored.drawn, explored.target
    along = table[[name, target]].dropna().set_index(name).sort_index()[target]
    if along.empty:
        return
    window = max(3, len(along) // _WINDOW)
    caption = f'{"Shares of the classes of " if explored.is_classes else ""}{target} along {name}'
    with gallery.figure('time', f'{caption}, means of {window} rows', (7, 2.8)) as figure:
        axis = figure.subplots()
        if explored.is_classes:
            for label in common_labels(explored, _MOST_LINES):
                share = (along.astype(str) == label).astype(float).rolling(window, center=True).mean()
                axis.plot(
                    share.index, share, color=colour_of(explored, label), label=gallery.label(label, 16)
                )
            axis.set_ylabel('share of rows')
        else:
            axis.plot(along.index, along.to_numpy(), linewidth=0.5, color=GREY, label='rows')
            means = along.rolling(window, center=True).mean()
            axis.plot(along.index, means, color=ORANGE, label=f'mean of {window} rows')
            axis.set_ylabel(labelled(explored, gallery, target))
        date_axis(axis)
        axis.set_xlabel(gallery.label(name))
        legend_beside(axis)
    if not explored.is_classes:
        draw_season(explored, gallery, along)


def draw_season(explored: Explored, gallery: Gallery, along: pd.Series) -> None:
    """A number by month, where every month was seen."""
    months = [along[along.index.month == month].to_numpy() for month in range(1, 13)]
    if any(len(values) == 0 for values in months):
        return
    with gallery.figure('season', f'{explored.target} by month', (6, 2.8)) as figure:
        axis = figure.subplots()
        axis.boxplot(months, tick_labels=list('JFMAMJJASOND'), flierprops={'markersize': 2})
        axis.set_xlabel('month')
        axis.set_ylabel(labelled(explored, gallery, explored.target))


def common_labels(explored: Explored, most: int = _SHOWN) -> list[str]:
    """The commonest classes, the commonest first."""
    return list(explored.answer.astype(str).value_counts().index[:most])


def colour_of(explored: Explored, label: object) -> str:
    """The colour of a class, by how common it is; grey for those past the palette."""
    common = common_labels(explored, len(CLASS_COLOURS))
    return CLASS_COLOURS[common.index(str(label))] if str(label) in common else GREY
