"""The search for columns that give the target away: what is certain first, then what is only too good to be true."""

from __future__ import annotations

from dataclasses import replace

from ..findings import Leak
from ..work import Work
from .afterwards import of_event, of_moments
from .alone import CARRIES, judge_alone, skill_without
from .bounds import of_bounds, of_entry
from .combinations import find_combination
from .copies import of_bands, of_copy
from .cuts import find_cut
from .evidence import Evidence
from .gaps import of_gaps
from .lines import by_category
from .means import of_means
from .order import of_order


def find_leaks(evidence: Evidence, names: list[str], work: Work) -> tuple[tuple[Leak, ...], tuple[Leak, ...]]:
    """Of the columns `names`, those that give the target away, and those that are only too good to be trusted."""
    found: dict[str, Leak] = {}
    for leak in [*_certain(evidence, names), *of_moments(evidence, names)]:
        for name in leak.columns:
            found.setdefault(name, leak)
    together = _together(evidence, [name for name in names if name not in found], work)
    doubted: list[Leak] = []
    if (
        together is not None
        and together.confirm
        and not _others_carry(evidence, names, found, together, work)
    ):
        doubted.append(replace(together, because=f'{together.because}. Nothing else tells it, so it is kept'))
    elif together is not None:
        found.update(dict.fromkeys(together.columns, together))
    left = [name for name in names if name not in found]
    alone, too_good = judge_alone(evidence, left, work)
    for leak in alone:
        found.setdefault(leak.columns[0], leak)
    doubted += too_good
    judged = {name for leak in (*found.values(), *doubted) for name in leak.columns}
    doubted += of_bounds(evidence, [name for name in names if name not in judged])
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
            of_order(evidence, column)
            or of_gaps(evidence, column)
            or of_event(evidence, column)
            or of_entry(evidence, column)
            or of_copy(evidence, column)
            or of_bands(evidence, column)
            or of_means(evidence, column)
        )
        if leak is not None:
            found.append(leak)
    taken = {name for leak in found for name in leak.columns}
    if evidence.target.problem == 'regression':
        found += by_category(evidence, [name for name in names if name not in taken])
    return found


def _together(evidence: Evidence, names: list[str], work: Work) -> Leak | None:
    """What several columns make of the target."""
    if evidence.target.problem != 'regression':
        return find_cut(evidence, names, work)
    return find_combination(evidence.plan, evidence.frame, evidence.target.name, names)


def _others_carry(
    evidence: Evidence, names: list[str], found: dict[str, Leak], leak: Leak, work: Work
) -> bool:
    """Whether something honest is left without these columns: where nothing is, they may well be all there is."""
    others = [name for name in names if name not in found and name not in leak.columns]
    return skill_without(evidence, others, work, ', '.join(leak.columns)) >= CARRIES
