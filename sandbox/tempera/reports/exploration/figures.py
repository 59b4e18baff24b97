"""The exploration's figures of columns: gaps, how many values, how they are spread, how they hang together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..figures import BLUE, GREY, INK, ORANGE, Gallery, cross_ticks, grid, grid_size, legend_beside, steps_of
from ..words import counted
from .explored import Explored

#: columns, values and rows that one figure shows
_WORST, _MOST_DISTINCT, _COMMONEST = 20, 25, 8


def labelled(explored: Explored, gallery: Gallery, name: str, length: int = 24) -> str:
    """A column's label with its unit."""
    unit = explored.units.get(name)
    return gallery.label(name, length) + (f' ({gallery.label(unit, 12)})' if unit else '')


def draw_columns(explored: Explored, gallery: Gallery) -> None:
    """Every figure of columns for which there is something to show."""
    draw_missing(explored, gallery)
    draw_cardinality(explored, gallery)
    if explored.numbers:
        draw_numbers(explored, gallery)
        draw_outliers(explored, gallery)
    if explored.categories:
        draw_categories(explored, gallery)
    target = [explored.target]
    numbers = explored.numbers + ([] if explored.is_classes else target)
    if len(numbers) > 1:
        draw_correlation(explored, gallery, numbers)
    categories = explored.categories + (target if explored.is_classes else [])
    if explored.categories and len(categories) > 1:
        draw_association(explored, gallery, categories)


def draw_missing(explored: Explored, gallery: Gallery) -> None:
    """The columns that lack something, the cells stacked by the form in which they lack it."""
    lacking = [column for column in explored.columns if column['missing'] > 0]
    worst = sorted(lacking, key=lambda column: (-column['missing'], column['name']))[:_WORST]
    if not worst:
        return
    forms = {
        'blank': (GREY, [max(0, column['missing'] - column['disguised']) for column in worst]),
        'in disguise': (ORANGE, [min(column['disguised'], column['missing']) for column in worst]),
    }
    whole = len(explored.columns) - len(lacking)
    caption = 'Missing values of each column, by the form in which they come' + (
        f'; {counted(whole, "other column")} without any' if whole else ''
    )
    with gallery.figure('missing', caption, (6, 0.8 + 0.24 * len(worst))) as figure:
        axis, below = figure.subplots(), np.zeros(len(worst))
        for label, (colour, cells) in forms.items():
            shares = 100 * np.array(cells) / explored.rows
            if shares.any():
                names = [column['name'] for column in worst]
                gallery.bars(axis, names, shares, colour, left=below, label=label)
            below = below + shares
        axis.set_xlabel('% of rows')
        legend_beside(axis)


def draw_cardinality(explored: Explored, gallery: Gallery) -> None:
    most = sorted(explored.columns, key=lambda column: (-column['distinct'], column['name']))[:_MOST_DISTINCT]
    out = {*explored.left_out, *explored.leaks}
    colours = [ORANGE if column['name'] in out else BLUE for column in most]
    caption = 'Distinct values of each column' + ('; orange ones are left out' if ORANGE in colours else '')
    with gallery.figure('cardinality', caption, (6, 0.6 + 0.22 * len(most))) as figure:
        axis = figure.subplots()
        sizes = [max(1, column['distinct']) for column in most]
        gallery.bars(axis, [column['name'] for column in most], sizes, colours)
        axis.axvline(explored.rows, color=INK, linestyle=':')
        axis.set_xscale('log')
        axis.set_xlabel('distinct values (dotted: rows)')


def draw_numbers(explored: Explored, gallery: Gallery) -> None:
    names = explored.numbers
    size = grid_size(len(names))
    with gallery.figure(
        'numbers', 'Distributions of the number columns', size, layout='constrained'
    ) as figure:
        axes = grid(figure, len(names))
        for axis, name in zip(axes, names, strict=True):
            values = explored.drawn[name].dropna()
            axis.hist(values, bins=steps_of(values) if len(values) else 1, color=BLUE)
            axis.set_title(labelled(explored, gallery, name))
            axis.tick_params(labelsize=7)
        for axis in axes[::4]:
            axis.set_ylabel('rows', fontsize=8)


def draw_outliers(explored: Explored, gallery: Gallery) -> None:
    names, table = explored.numbers[::-1], explored.drawn
    spread = {
        name: (table[name].quantile(0.75) - table[name].quantile(0.25)) or table[name].std() or 1
        for name in names
    }
    caption = 'Spread and outliers of the number columns on one scale'
    with gallery.figure('outliers', caption, (6, 0.8 + 0.25 * len(names))) as figure:
        axis = figure.subplots()
        axis.boxplot(
            [((table[name] - table[name].median()) / spread[name]).dropna() for name in names],
            orientation='horizontal',
            tick_labels=gallery.labels(names),
            flierprops={'markersize': 2},
        )
        axis.set_xlabel('distance from the median in interquartile ranges')


def draw_categories(explored: Explored, gallery: Gallery) -> None:
    names = explored.categories
    caption, size = 'The commonest values of the category columns', grid_size(len(names))
    with gallery.figure('categories', caption, size, layout='constrained') as figure:
        for axis, name in zip(grid(figure, len(names)), names, strict=True):
            counts = explored.drawn[name].fillna('(missing)').value_counts().head(_COMMONEST)
            gallery.bars(axis, counts.index, counts.to_numpy(), BLUE, 14)
            axis.set_title(gallery.label(name))
            axis.set_xlabel('rows', fontsize=8)
            axis.tick_params(labelsize=7)


def draw_correlation(explored: Explored, gallery: Gallery, names: list[str]) -> None:
    matrix = explored.drawn[names].corr(method='spearman')
    size = (1.8 + 0.33 * len(names), 1.4 + 0.33 * len(names))
    with gallery.figure('correlation', 'Rank correlation of the number columns', size) as figure:
        axis = figure.subplots()
        image = axis.imshow(matrix, cmap='RdBu_r', vmin=-1, vmax=1)
        cross_ticks(axis, gallery.labels(names, 20))
        figure.colorbar(image, shrink=0.7, label='Spearman’s ρ')


def draw_association(explored: Explored, gallery: Gallery, names: list[str]) -> None:
    table = explored.drawn
    matrix = np.array([[association(table[first], table[second]) for second in names] for first in names])
    caption = (
        'How much the category columns'
        + (' and the target' if explored.is_classes else '')
        + ' know of each other (Cramér’s V, 0 nothing to 1 all)'
    )
    size = (1.8 + 0.45 * len(names), 1.4 + 0.45 * len(names))
    with gallery.figure('association', caption, size) as figure:
        axis = figure.subplots()
        image = axis.imshow(matrix, cmap='Blues', vmin=0, vmax=1)
        for row, column in np.ndindex(*matrix.shape):
            value = matrix[row, column]
            colour = 'white' if value > 0.5 else INK
            axis.text(column, row, f'{value:.2f}', ha='center', va='center', fontsize=6, color=colour)
        cross_ticks(axis, gallery.labels(names, 20))
        figure.colorbar(image, shrink=0.7, label='Cramér’s V')


def association(first: pd.Series, second: pd.Series) -> float:
    """Cramér's V: 0 where two categories know nothing of each other, 1 where each tells the other."""
    texts = [values.fillna('(missing)').astype(str) for values in (first, second)]
    counts = pd.crosstab(*texts).to_numpy()
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0, keepdims=True) / counts.sum()
    least = min(counts.shape) - 1
    if not least:
        return 0.0
    return float(np.sqrt(((counts - expected) ** 2 / expected).sum() / (counts.sum() * least)))
