"""Columns that give the target away, each way by itself, with the numbers that say so.

What is certain (a copy, a sum, a function within each category, known only where the outcome happened, the order of the
file) is dropped; what is only too good to be true is dropped too, and the person is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..plan import ColumnPlan, TablePlan
from . import words
from .bands import find_bands
from .combinations import find_combinations
from .findings import Leak, TargetFinding
from .quick import CODED, MOMENTS, NUMERIC, codes, numbers, seconds, texts_of
from .trials import Answer, Fold, group_folds, random_folds, skills
from .work import Work

#: skill of one column alone that tells all classes apart
PERFECT = 0.999
#: of the target's variance, what may lie between neighbours of an exact column
EXACT = 2e-5
#: skill alone that is too good where it is far above what all others reach together
GIVEN_AWAY = 0.97
DOUBTED = 0.95
#: the same for a column whose name says that it is known afterwards
LATE = 0.6
_FAR_ABOVE = 0.15
#: skill of the others from which on they carry something honest to compare with
CARRIES = 0.2
#: share of one answer among the rows in which a column is filled (or empty) that no chance explains
PURE = 0.99
FEWEST_ROWS = 25
#: share of rows in which a code goes with its label
PURE_CODE = 0.995
#: the same for a code with slips, where each single value goes with its label that often: dropped, and asked about
NEARLY_PURE_CODE = 0.97
PURE_VALUE = 0.9
#: rank correlation of what is the target in other units
SAME_ORDER = 0.99999
#: rows of the rarest class from which on one column's skill is more than luck
FEWEST_CLASS_ROWS = 15
_MOST_LEVELS = 30
_MOST_CODES = 50


@dataclass(frozen=True)
class Evidence:
    """What leaks are looked for in: rows in the order of their content, the target known in all of them."""

    plan: TablePlan
    frame: pd.DataFrame
    target: TargetFinding
    answer: Answer
    #: quick features of each column
    blocks: dict[str, pd.DataFrame]
    #: what each row belongs to where all rows of a thing have one answer
    subjects: np.ndarray | None = None

    @property
    def figures(self) -> pd.Series:
        """The target as numbers; NaN for labels that are none."""
        return numbers(self.frame[self.target.name])


def find_leaks(evidence: Evidence, names: list[str], work: Work) -> tuple[tuple[Leak, ...], tuple[Leak, ...]]:
    """Of the columns `names`, those that give the target away, and those that are only too good to be trusted."""
    found: dict[str, Leak] = {}
    for leak in [*_certain(evidence, names), *_of_moments(evidence, names)]:
        for name in leak.columns:
            found.setdefault(name, leak)
    left = [name for name in names if name not in found]
    alone, doubted = _alone(evidence, left, work)
    for leak in alone:
        found.setdefault(leak.columns[0], leak)
    distinct: list[Leak] = []
    for leak in found.values():
        if leak not in distinct:
            distinct.append(leak)
    return tuple(distinct), tuple(doubted)


def _certain(evidence: Evidence, names: list[str]) -> list[Leak]:
    found: list[Leak] = []
    for name in names:
        column = evidence.plan.column(name)
        leak = (
            _of_order(evidence, column)
            or _of_gaps(evidence, column)
            or _of_event(evidence, column)
            or _of_copy(evidence, column)
            or _of_bands(evidence, column)
        )
        if leak is not None:
            found.append(leak)
    taken = {name for leak in found for name in leak.columns}
    left = [name for name in names if name not in taken]
    if evidence.target.problem == 'regression':
        found += _by_category(evidence, left)
        taken = {name for leak in found for name in leak.columns}
        found += find_combinations(
            evidence.plan, evidence.frame, evidence.target.name, [n for n in left if n not in taken]
        )
    return found


def _of_copy(evidence: Evidence, column: ColumnPlan) -> Leak | None:
    """The target in other words: a code for each label, or a number that puts rows into the target's own order."""
    target = evidence.target.name
    if evidence.answer.is_classes:
        values = codes(evidence.frame[column.name])
        labels = evidence.answer.values
        known = values.notna()
        if values.nunique() != labels.nunique() or known.sum() < max(FEWEST_ROWS, len(values) / 2):
            return None
        counts = pd.crosstab(values[known], labels[known])
        right = float(counts.max(axis=1).sum()) / float(known.sum())
        # one label for each value, and another one for each other value
        if len(set(counts.to_numpy().argmax(axis=1))) < len(counts):
            return None
        each = float((counts.max(axis=1) / counts.sum(axis=1)).min())
        slips = right < PURE_CODE
        if slips and (right < NEARLY_PURE_CODE or each < PURE_VALUE):
            return None
        because = (
            f'each value of `{column.name}` goes with one label of `{target}`, in {right:.1%} of '
            'the rows: it is a code of it'
        )
        return Leak((column.name,), 'copy', because, {'share': round(right, 4)}, confirm=slips)
    if column.kind not in NUMERIC:
        return None
    data = pd.DataFrame({'x': numbers(evidence.frame[column.name]), 'y': evidence.figures}).dropna()
    if len(data) < max(FEWEST_ROWS, len(evidence.frame) / 2) or data['x'].nunique() <= 10:
        return None
    order = abs(float(data['x'].corr(data['y'], method='spearman')))
    if order < SAME_ORDER:
        return None
    because = (
        f'`{column.name}` puts the rows into the order of `{target}` (rank correlation '
        f'{order:.6f}): it is the target in other units'
    )
    return Leak((column.name,), 'copy', because, {'rank_correlation': round(order, 6)})


def _of_bands(evidence: Evidence, column: ColumnPlan) -> Leak | None:
    if evidence.answer.is_classes or column.kind not in (*NUMERIC, *CODED):
        return None
    values = codes(evidence.frame[column.name])
    return find_bands(column.name, values, evidence.figures, evidence.target.name)


def _of_event(evidence: Evidence, column: ColumnPlan) -> Leak | None:
    if column.name != evidence.target.event:
        return None
    because = (
        f'`{column.name}` says whether `{evidence.target.name}` had ended, which is known only afterwards'
    )
    return Leak((column.name,), 'afterwards', because)


def _of_order(evidence: Evidence, column: ColumnPlan) -> Leak | None:
    """A running number along which the target is sorted: the order of the file, not a property of its rows."""
    values = numbers(evidence.frame[column.name]) if column.kind in (*NUMERIC, 'identifier', 'code') else None
    if values is None or values.isna().any() or not _is_counter(values):
        return None
    order = values.sort_values().index
    answer = evidence.answer.values.loc[order].to_numpy()
    if evidence.answer.is_classes:
        runs = 1 + int((np.diff(answer) != 0).sum())
        counts = np.bincount(answer)
        by_chance = 1 + (1 - ((counts / counts.sum()) ** 2).sum()) * (len(answer) - 1)
        share = runs / by_chance
        sorted_by = share < 0.5
    else:
        share = float(abs(np.corrcoef(np.arange(len(answer)), pd.Series(answer).rank())[0, 1]))
        sorted_by = share > 0.9 and words.says(column.name, words.COUNTER)
    if not sorted_by:
        return None
    because = f'`{column.name}` only numbers the rows, and the file is sorted by the target'
    return Leak((column.name,), 'order', because, {'sorted': round(share, 4)})


def _is_counter(values: pd.Series) -> bool:
    """Whole numbers, each once, with few left out between the least and the greatest."""
    whole = bool((values % 1 == 0).all())
    return whole and values.is_unique and len(values) >= 20 and float(np.ptp(values)) < 3 * len(values)


def _of_gaps(evidence: Evidence, column: ColumnPlan) -> Leak | None:
    """A column that is filled, or empty, only where one answer is."""
    missing = evidence.frame[column.name].isna()
    share = float(missing.mean())
    if not 0.005 < share < 0.995:
        return None
    return _of_part(evidence, column, ~missing, 'filled') or _of_part(evidence, column, missing, 'empty')


def _of_part(evidence: Evidence, column: ColumnPlan, part: pd.Series, how: str) -> Leak | None:
    inside = int(part.sum())
    if inside < FEWEST_ROWS or len(part) - inside < FEWEST_ROWS:
        return None
    if not evidence.answer.is_classes:
        return _of_part_of_numbers(evidence, column, part, how)
    labels = texts_of(evidence.frame[evidence.target.name])
    common = labels[part].value_counts(normalize=True)
    label, purity = str(common.index[0]), float(common.iloc[0])
    base = float((labels == label).mean())
    # of what a label alone explains, a large part must be gone: rare gaps among a commonest label mean nothing
    explained = inside * purity / max(1.0, float((labels == label).sum()))
    expected = inside * (1 - base)
    if purity < PURE or base > 0.97 or expected < 8:
        return None
    surely = expected >= 15 and (explained > 0.3 or how == 'filled')
    if not surely:
        return None
    because = (
        f'`{column.name}` is {how} in {inside:,} rows, and {purity:.1%} of them are `{label}` '
        f'(of all rows {base:.1%} are)'
    )
    return Leak(
        (column.name,),
        'missing',
        because,
        {'rows': inside, 'share': round(purity, 4), 'of_all': round(base, 4)},
    )


def _of_part_of_numbers(evidence: Evidence, column: ColumnPlan, part: pd.Series, how: str) -> Leak | None:
    figures = evidence.figures
    inside, outside = figures[part].dropna(), figures[~part].dropna()
    spread = float(figures.var())
    if spread == 0 or inside.empty or outside.empty:
        return None
    within = (inside.var(ddof=0) * len(inside) + outside.var(ddof=0) * len(outside)) / (
        len(inside) + len(outside)
    )
    explained = 1 - float(within) / spread
    if explained < 0.8:
        return None
    because = (
        f'whether `{column.name}` is {how} explains {explained:.0%} of the spread of `{evidence.target.name}`'
    )
    return Leak((column.name,), 'missing', because, {'explained': round(explained, 4)})


def _by_category(evidence: Evidence, names: list[str]) -> list[Leak]:
    """A number that gives the target by a straight line in each value of a category: gross and net under tax rates."""
    figures = evidence.figures
    spread = float(figures.std())
    numeric = [name for name in names if evidence.plan.column(name).kind in NUMERIC]
    categories = [
        name
        for name in names
        if 2 <= evidence.frame[name].astype('string').nunique() <= _MOST_LEVELS and name not in numeric
    ]
    categories += [name for name in numeric if 2 <= evidence.frame[name].nunique() <= 12]
    found: list[Leak] = []
    for name in numeric:
        values = numbers(evidence.frame[name])
        if spread == 0 or abs(values.corr(figures)) < 0.7:
            continue
        for category in [None, *categories]:
            if category == name:
                continue
            keys = codes(evidence.frame[category]).fillna(-1) if category else pd.Series(0.0, values.index)
            missed = _missed_by_lines(values, figures, keys) / spread
            if missed < 1e-3:
                where = f' within each value of `{category}`' if category else ''
                because = (
                    f'`{evidence.target.name}` is a fixed function of `{name}`{where}: a straight line '
                    f'misses it by {missed:.1e} of its spread'
                )
                found.append(
                    Leak(
                        (name,),
                        'by_category' if category else 'copy',
                        because,
                        {'missed': float(f'{missed:.3g}')},
                    )
                )
                break
    return found


def _missed_by_lines(values: pd.Series, figures: pd.Series, keys: pd.Series) -> float:
    """Median distance of the target from the line of its own category."""
    known = values.notna() & figures.notna()
    data = pd.DataFrame({'x': values[known], 'y': figures[known], 'key': keys[known]})
    misses: list[np.ndarray] = []
    for _, part in data.groupby('key'):
        if len(part) < 4 or part['x'].nunique() < 3:
            continue
        slope, start = np.polyfit(part['x'], part['y'], 1)
        misses.append(np.abs(part['y'] - slope * part['x'] - start).to_numpy())
    if sum(map(len, misses)) < 0.8 * len(data) or not misses:
        return float('inf')
    return float(np.quantile(np.concatenate(misses), 0.8))


def _of_moments(evidence: Evidence, names: list[str]) -> list[Leak]:
    """Dates after the outcome: those that come after another date and say so by name or by their gaps."""
    dates = [name for name in names if evidence.plan.column(name).kind in MOMENTS]
    found: list[Leak] = []
    for name in dates:
        later = seconds(evidence.frame[name])
        others = [other for other in dates if other != name]
        follows = [other for other in others if _follows(later, seconds(evidence.frame[other]))]
        duration = _duration_of_target(evidence, name, others)
        if duration is not None:
            found.append(duration)
        elif words.says(name, words.AFTERWARDS) and (follows or later.isna().mean() > 0.02):
            after = f' It never comes before `{follows[0]}`.' if follows else ''
            because = f'`{name}` is written down when the outcome is known.{after}'
            found.append(Leak((name,), 'afterwards', because, confirm=True))
    return found


def _follows(later: pd.Series, earlier: pd.Series) -> bool:
    apart = (later - earlier).dropna()
    return bool(len(apart) >= FEWEST_ROWS and (apart >= 0).mean() > 0.999 and (apart > 0).any())


def _duration_of_target(evidence: Evidence, name: str, others: list[str]) -> Leak | None:
    """The target is the time between two dates: the later one is known only when it has passed."""
    if evidence.target.problem != 'regression':
        return None
    figures, later = evidence.figures, seconds(evidence.frame[name])
    for other in others:
        apart = later - seconds(evidence.frame[other])
        known = apart.notna() & figures.notna()
        if known.sum() < FEWEST_ROWS or apart[known].nunique() < 5 or apart[known].median() < 0:
            continue
        if abs(apart[known].corr(figures[known])) > 0.999:
            because = f'`{evidence.target.name}` is the time from `{other}` to `{name}`'
            return Leak((name,), 'afterwards', because)
    return None


def _alone(evidence: Evidence, names: list[str], work: Work) -> tuple[list[Leak], list[Leak]]:
    """Columns that predict by themselves as nothing honest does: those to drop, and those that are only doubted."""
    folds = _folds_of(evidence)
    skill: dict[str, float] = {}
    for name in names:
        block = evidence.blocks[name]
        if not _can_be_judged_alone(evidence, name) or _is_hopeless(block, evidence):
            continue
        if work.take(f'`{name}` alone', len(folds), *block.shape):
            skill[name] = _mean(skills(block, evidence.answer, folds))
    found: list[Leak] = []
    doubted: list[Leak] = []
    for name in sorted(skill, key=lambda one: (-skill[one], one)):
        if skill[name] < (LATE if words.says(name, words.AFTERWARDS) else DOUBTED):
            continue
        gone = {leak.columns[0] for leak in found}
        others = [other for other in names if other != name and other not in gone]
        without = _skill_of(evidence, others, folds, work, name)
        leak, is_sure = _judge_alone(evidence, name, skill[name], without)
        if leak is not None:
            (found if is_sure else doubted).append(leak)
    return found, doubted


def _folds_of(evidence: Evidence) -> list[Fold]:
    """With whole subjects held out where they have one answer each: else all that recognises one would seem a leak."""
    apart = [] if evidence.subjects is None else group_folds(evidence.answer, evidence.subjects, repeats=1)
    return apart or random_folds(evidence.answer, repeats=1)


def _skill_of(evidence: Evidence, names: list[str], folds: list[Fold], work: Work, without: str) -> float:
    if not names:
        return 0.0
    matrix = pd.concat([evidence.blocks[name] for name in names], axis=1)
    if not work.take(f'all columns but `{without}`', len(folds), *matrix.shape):
        return 0.0
    return _mean(skills(matrix, evidence.answer, folds))


def _can_be_judged_alone(evidence: Evidence, name: str) -> bool:
    """A class of a few rows is told from the rest by chance; a name of many values is learned by heart, which is what
    groups are for; and the hour of a moment may well be what counts."""
    column = evidence.plan.column(name)
    if evidence.answer.is_classes and evidence.answer.values.value_counts().min() < FEWEST_CLASS_ROWS:
        return False
    if column.kind in MOMENTS and not words.says(name, words.AFTERWARDS):
        return False
    if column.kind in ('text', 'list', 'record', 'coordinates'):
        return False
    return column.kind not in CODED or evidence.frame[name].astype('string').nunique() <= _MOST_CODES


def _judge_alone(evidence: Evidence, name: str, skill: float, without: float) -> tuple[Leak | None, bool]:
    """What its skill alone says of a column beside that of all others, and whether it is to be dropped for it.

    A single column that carries all there is may be honest: it is kept and doubted aloud. One that is exact, that is
    called by what is known afterwards, or that makes all others needless though they carry something, is dropped.
    """
    target = evidence.target.name
    told = {'skill': round(skill, 4), 'skill_of_others': round(without, 4)}
    beside = (
        f'`{name}` alone has a skill of {skill:.3f} for `{target}`, all other columns together '
        f'{max(without, 0):.2f}'
    )
    if words.says(name, words.AFTERWARDS) and skill > without + _FAR_ABOVE:
        return Leak(
            (name,), 'afterwards', f'{beside}, and its name says that it is known afterwards', told, True
        ), True
    exact = skill >= PERFECT if evidence.answer.is_classes else _is_exact(evidence, name)
    if exact and skill > without + 0.01:
        return Leak((name,), 'alone', f'{beside}: it is the target in other words', told), True
    if skill >= GIVEN_AWAY and skill > without + _FAR_ABOVE and without >= CARRIES:
        return Leak((name,), 'alone', f'{beside}: too good to be known before', told, True), True
    if skill >= GIVEN_AWAY and skill > without + _FAR_ABOVE:
        return Leak(
            (name,), 'alone', f'{beside}: make sure that it is known before `{target}` is', told, True
        ), False
    return None, False


def _is_exact(evidence: Evidence, name: str) -> bool:
    """Whether neighbours in this column are neighbours in the target, to the digits: no noise lies between them."""
    column = evidence.plan.column(name)
    if column.kind not in NUMERIC:
        return False
    data = pd.DataFrame({'x': numbers(evidence.frame[name]), 'y': evidence.figures}).dropna()
    means = data.groupby('x')['y'].agg(['mean', 'var', 'size']).sort_index()
    if len(means) < FEWEST_ROWS:
        return False
    spread = float(data['y'].var())
    between = means['mean'].to_numpy()
    off = between[1:-1] - (between[:-2] + between[2:]) / 2
    within = means['var'].fillna(0.0)
    return (
        spread > 0 and float(np.median(off**2)) / spread < EXACT and float(within.median()) / spread < EXACT
    )


def _is_hopeless(block: pd.DataFrame, evidence: Evidence) -> bool:
    """A first look that costs nothing: a leak's first column is strongly tied to the target in some order of values."""
    if block.shape[1] != 1:
        return False
    values = block.iloc[:, 0]
    if values.nunique() <= 50:
        means = (
            pd.Series(evidence.answer.values.to_numpy(), index=values.index).groupby(values).transform('mean')
        )
        spread = float(evidence.answer.values.var(ddof=0))
        explained = float(means.var(ddof=0)) / spread if spread else 0.0
        return explained < 0.3
    return False


def _mean(found: np.ndarray) -> float:
    return float(found.mean()) if len(found) else 0.0
