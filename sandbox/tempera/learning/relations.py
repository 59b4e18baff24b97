"""What each column alone knows of the target, and which columns say the same: figures for the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..tables import TablePlan
from ..tables.measured.findings import Measured, TargetFinding
from ..tables.measured.quick import NUMERIC, block_of, labels_or_numbers, numbers
from ..tables.measured.repeats import MANY_VALUES
from ..tables.measured.splits import folds_for
from ..tables.measured.times import find_moments
from ..tables.measured.trials import Answer, Fold, random_folds, skills
from .prepare import answered_rows
from .source import Source

#: columns that are compared one by one in a wide table
MOST_COLUMNS = 300
#: rank correlation from which on two columns say nearly the same
TWINS = 0.95
_MOST_TWINS = 80
_MOST_LABELS = 20


@dataclass(frozen=True)
class Relations:
    """What single columns are to the target and to each other."""

    #: what each column tells of the target by itself, 0 a guess, 1 all
    scores: Mapping[str, float]
    #: pairs that say the same: [first, second, rank correlation]
    twins: list[list[object]]
    #: counts of the target's classes, or its mean, spread and skewness; `missing`: rows without it
    target: dict[str, Any]
    #: {counts: rows of each label} of a target with classes
    labels: dict[str, Any]
    #: columns that give the target away, with how
    leaks: dict[str, str]
    #: columns that are not used for another reason, with it
    left_out: dict[str, str]
    #: numbers of many values among the inputs
    continuous: int
    #: half of the answers or more are the same number
    one_value_in_half: bool
    #: so few values are possible that as many equal rows are to be expected
    repeats_by_chance: bool

    @property
    def ranking(self) -> list[tuple[str, float]]:
        """The scores, the most telling column first."""
        return sorted(self.scores.items(), key=lambda item: (-item[1], item[0]))

    def to_json(self) -> dict[str, Any]:
        """What `eda/data/relations.json` holds."""
        return {
            'scores': dict(self.ranking),
            'leaks': self.leaks,
            'suspects': [],
            'twins': self.twins,
            'target': self.target | self.labels,
        }


def relations_of(source: Source, measured: Measured, most_rows: int) -> Relations:
    """Of what was measured, with figures from the first `most_rows` rows in the order of their content."""
    plan, frame, target = source.plan, source.frame, measured.target
    answer = labels_or_numbers(frame[target.name], target.problem)
    known = answered_rows(frame, target).head(most_rows)
    # what is known only afterwards is no input either, but need not give the answer away
    late = {
        name: leak.because for leak in measured.leaks for name in leak.columns if leak.kind == 'afterwards'
    }
    leaks = {name: leak.because for leak in measured.leaks for name in leak.columns if name not in late}
    inputs = list(measured.inputs)
    numeric = [name for name in inputs if pd.api.types.is_numeric_dtype(frame[name])]
    return Relations(
        scores=skill_of_each(
            plan, known, measured, [name for name in measured.columns if name != target.name]
        ),
        twins=twins_of(plan, known, inputs),
        target=_spread(answer, target),
        labels={'counts': dict(list(target.labels.items())[:_MOST_LABELS])} if target.labels else {},
        leaks=leaks,
        left_out={name: why for name, why in measured.left_out.items() if name not in leaks} | late,
        continuous=sum(frame[name].nunique() > MANY_VALUES for name in numeric),
        one_value_in_half=target.problem == 'regression' and bool((answer == answer.median()).mean() >= 0.5),
        repeats_by_chance=measured.repeats.by_chance,
    )


def _spread(answer: pd.Series, target: TargetFinding) -> dict[str, Any]:
    missing = {'missing': int(answer.isna().sum())}
    if target.problem == 'regression':
        numbers_of = {'mean': float(answer.mean()), 'sd': float(answer.std()), 'skew': float(answer.skew())}
        return missing | numbers_of
    counts = answer[~answer.isin(list(target.too_rare))].value_counts()
    return missing | {
        'counted': int(counts.sum()),
        'classes': len(counts),
        'smallest': int(counts.min()),
        'largest_share': float(counts.max() / counts.sum()),
    }


def skill_of_each(
    plan: TablePlan, frame: pd.DataFrame, measured: Measured, names: list[str]
) -> dict[str, float]:
    """Cross-validated skill of a quick learner on each column alone, 0 a guess, 1 perfect; never below 0. Cut as the
    split is: else any column would tell who or when a row is, and with it the answer."""
    target = measured.target
    values = labels_or_numbers(frame[target.name], target.problem)
    if target.problem != 'regression':
        counts = values.value_counts()
        values = values[values.isin(counts[counts >= 3].index)]
    if values.nunique() < 2:
        return dict.fromkeys(names, 0.0)
    answer = Answer.of(values, target.problem != 'regression')
    # of folds forward in time the last ones: they have the most to learn from
    folds = _folds(plan, frame.loc[values.index], answer, measured)[-3:]
    found = {}
    for name in names[:MOST_COLUMNS]:
        skill = skills(block_of(plan.column(name), frame.loc[values.index, name]), answer, folds)
        found[name] = round(max(0.0, float(skill.mean())), 3) if len(skill) else 0.0
    return found


def _folds(plan: TablePlan, frame: pd.DataFrame, answer: Answer, measured: Measured) -> list[Fold]:
    """As the split is made: what recognises a moment or a thing is to tell nothing by that."""
    moments = [
        one for one in find_moments(plan, frame, measured.target.name) if one.columns == measured.split.by
    ]
    return folds_for(measured.split, frame, answer, moments) or random_folds(answer, repeats=1)


def twins_of(plan: TablePlan, frame: pd.DataFrame, names: list[str]) -> list[list[object]]:
    """Pairs of number columns that order rows alike: [first, second, rank correlation]."""
    numeric = [name for name in names if plan.column(name).kind in NUMERIC][:_MOST_TWINS]
    if len(numeric) < 2:
        return []
    ranks = (
        pd.DataFrame({name: numbers(frame[name]) for name in numeric})
        .corr(method='spearman')
        .abs()
        .to_numpy()
    )
    return [
        [numeric[left], numeric[right], float(ranks[left, right])]
        for left in range(len(numeric))
        for right in range(left + 1, len(numeric))
        if np.nan_to_num(ranks[left, right]) >= TWINS
    ]
