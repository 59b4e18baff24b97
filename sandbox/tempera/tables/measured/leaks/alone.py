"""Columns that predict by themselves as nothing honest does: those to drop, and those that are only doubted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .. import words
from ..findings import Leak
from ..quick import CODED, MOMENTS, NUMERIC, numbers
from ..trials import Fold, group_folds, random_folds, skills
from ..work import Work
from .evidence import FEWEST_ROWS, Evidence

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
#: rows of the rarest class from which on one column's skill is more than luck
FEWEST_CLASS_ROWS = 15
_MOST_CODES = 50
#: numbers of no more values than these may be codes of labels
_MOST_CODED = 12


def judge_alone(evidence: Evidence, names: list[str], work: Work) -> tuple[list[Leak], list[Leak]]:
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


def skill_without(evidence: Evidence, names: list[str], work: Work, without: str) -> float:
    """The skill of these columns together, 0 where there are none or the work is spent; `without` names the others."""
    return _skill_of(evidence, names, _folds_of(evidence), work, without)


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
    skills = {'skill': round(skill, 4), 'skill_of_others': round(without, 4)}
    beside = (
        f'`{name}` alone has a skill of {skill:.3f} for `{target}`, all other columns together '
        f'{max(without, 0):.2f}'
    )
    if words.says(name, words.AFTERWARDS) and skill > without + _FAR_ABOVE:
        return Leak(
            (name,), 'afterwards', f'{beside}, and its name says that it is known afterwards', skills, True
        ), True
    exact = skill >= PERFECT if evidence.answer.is_classes else _is_exact(evidence, name)
    if exact and skill > without + 0.01 and not (evidence.answer.is_classes and _is_measure(evidence, name)):
        return Leak((name,), 'alone', f'{beside}: it is the target in other words', skills), True
    # beside what is exact nothing may be far behind
    behind = 0.01 if exact else _FAR_ABOVE
    if skill >= GIVEN_AWAY and skill > without + behind and without >= CARRIES:
        return Leak((name,), 'alone', f'{beside}: too good to be known before', skills, True), True
    if skill >= GIVEN_AWAY and skill > without + behind:
        return Leak(
            (name,), 'alone', f'{beside}: make sure that it is known before `{target}` is', skills, True
        ), False
    return None, False


def _is_measure(evidence: Evidence, name: str) -> bool:
    """A number of many values: it may be a measurement that parts the labels by itself, as no code of them does."""
    column = evidence.plan.column(name)
    return column.kind in NUMERIC and evidence.frame[name].nunique() > _MOST_CODED


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
