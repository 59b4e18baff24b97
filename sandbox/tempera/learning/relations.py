"""What each column alone knows of the target, and which columns say the same: figures for the report."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..tables import TablePlan
from ..tables.measured.findings import TargetFinding
from ..tables.measured.quick import NUMERIC, block_of, labels_or_numbers, numbers
from ..tables.measured.trials import Answer, random_folds, skills

#: columns that are compared one by one in a wide table
MOST_COLUMNS = 300
#: rank correlation from which on two columns say nearly the same
TWINS = 0.95
_MOST_TWINS = 80


def skill_of_each(
    plan: TablePlan, frame: pd.DataFrame, target: TargetFinding, names: list[str]
) -> dict[str, float]:
    """Cross-validated skill of a quick learner on each column alone, 0 a guess, 1 perfect; never below 0."""
    values = labels_or_numbers(frame[target.name], target.problem)
    if target.problem != 'regression':
        counts = values.value_counts()
        values = values[values.isin(counts[counts >= 3].index)]
    if values.nunique() < 2:
        return dict.fromkeys(names, 0.0)
    answer = Answer.of(values, target.problem != 'regression')
    folds = random_folds(answer, repeats=1)[:3]
    found = {}
    for name in names[:MOST_COLUMNS]:
        skill = skills(block_of(plan.column(name), frame.loc[values.index, name]), answer, folds)
        found[name] = round(max(0.0, float(skill.mean())), 3) if len(skill) else 0.0
    return found


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
