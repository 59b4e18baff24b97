"""What is known only when the outcome is: dates after it, and the column that says that it happened."""

from __future__ import annotations

import pandas as pd

from ...plan import ColumnPlan
from .. import words
from ..findings import Leak
from ..quick import MOMENTS, seconds
from .evidence import FEWEST_ROWS, Evidence


def of_event(evidence: Evidence, column: ColumnPlan) -> Leak | None:
    """The column that says whether a censored time had ended."""
    if column.name != evidence.target.event:
        return None
    because = (
        f'`{column.name}` says whether `{evidence.target.name}` had ended, which is known only afterwards'
    )
    return Leak((column.name,), 'afterwards', because)


def of_moments(evidence: Evidence, names: list[str]) -> list[Leak]:
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
