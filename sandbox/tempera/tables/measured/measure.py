"""`measure`: what rows and columns are to each other, for one target, and the split and the inputs that follow.

    measured = measure(plan, frame, 'survived')
    measured.split          # how rows are dealt, and why
    measured.left_out       # {column: the true reason}

Decisions depend on the cells alone: not on the order of columns, on the machine or on its load. The order of rows
counts only where it is the finding (a file that is sorted by its target).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..plan import TablePlan
from . import words
from .doubts import doubts_of, question_of_repeats, questions_about, too_few, warnings_of, weights_of
from .findings import ColumnUse, Leak, Measured, RepeatFinding, SplitFinding, TargetFinding
from .groups import Looking, Rows, find_groups, subjects_of
from .leaks import Evidence, find_leaks
from .quick import Quick, block_of, labels_or_numbers, numbers, texts_of
from .repeats import find_repeats, of_what_is_used, unit_keys
from .splits import asking_of_years, choose_split, folds_for
from .targets import understand_target
from .things import units_of
from .times import Moments, find_moments, judge_moments, possible_years
from .trials import MOST_ROWS, Answer, sample_rows, skills
from .uses import (
    Wishes,
    as_wished,
    uses_at_first,
    with_structure,
    without_idle_words,
    without_leaks,
    without_names,
)
from .work import LIMIT, Work

_YES, _NO = ('true', '1', 'yes', 'y', 't'), ('false', '0', 'no', 'n', 'f')
_HAPPENED = ('event', 'failed', 'dead', 'died', 'churned', 'observed', 'uncensored')
#: columns that trials of a wide table are made on
MOST_TRIED = 120


def measure(
    plan: TablePlan,
    frame: pd.DataFrame,
    target: str,
    wishes: Wishes | None = None,
    work_limit: int = LIMIT,
) -> Measured:
    """Everything about predicting `target` from a typed frame. KeyError where there is no such column."""
    wishes = wishes or Wishes()
    finding = understand_target(plan, frame, target, wishes.problem)
    work = Work(work_limit)
    repeats = find_repeats(plan, frame, finding.name)
    rows = _usable_rows(plan, frame, finding)
    if len(rows) < 20:
        few = too_few(plan, finding, wishes, len(rows))
        return replace(few, repeats=repeats, work_limit=work_limit)
    uses = uses_at_first(plan, frame, finding, wishes)
    names = [name for name, use in uses.items() if use.use == 'input']
    usable = frame.loc[rows]
    units = units_of(plan, usable) if len(usable) > MOST_ROWS else None
    sampled = usable.loc[sample_rows(usable, MOST_ROWS, units)]
    answer = Answer.of(
        labels_or_numbers(sampled[finding.name], finding.problem), finding.problem != 'regression'
    )
    tried = _most_telling(plan, sampled, names, answer)
    blocks = {name: block_of(plan.column(name), sampled[name]) for name in tried}
    once = ~pd.Series(unit_keys(plan, sampled, tried)).duplicated().to_numpy()
    subjects = subjects_of(plan, sampled, answer, tried, once)
    leaks, doubted = find_leaks(Evidence(plan, sampled, finding, answer, blocks, subjects), tried, work)
    leaks, doubted = as_wished(leaks, doubted, wishes)
    uses = without_names(plan, frame, without_leaks(uses, leaks))
    uses = without_idle_words(plan, Rows(sampled, Quick(blocks), answer), uses, work)
    left = [name for name in tried if uses[name].use == 'input']
    return _structured(
        plan,
        frame,
        finding,
        _Found(usable, sampled, Quick(blocks), answer, left, uses, leaks, doubted, repeats, once),
        work,
    )


@dataclass(frozen=True)
class _Found:
    """What is known before the structure is looked for."""

    #: every row that has an answer, and those of them that trials are made on
    usable: pd.DataFrame
    sampled: pd.DataFrame
    quick: Quick
    answer: Answer
    left: list[str]
    uses: dict[str, ColumnUse]
    leaks: tuple[Leak, ...]
    doubted: tuple[Leak, ...]
    repeats: RepeatFinding
    #: rows of which no two are alike
    once: np.ndarray


def _structured(
    plan: TablePlan, frame: pd.DataFrame, finding: TargetFinding, found: _Found, work: Work
) -> Measured:
    rows = Rows(found.sampled, found.quick, found.answer)
    moments = [one for one in find_moments(plan, frame, finding.name) if _is_open(one, found.leaks)]
    first = moments[0].values.loc[found.sampled.index].to_numpy() if moments else None
    candidates = [name for name, use in found.uses.items() if use.use == 'input']
    looking = Looking(rows, candidates, found.left, first, found.once, found.usable)
    groups = find_groups(plan, looking, work)
    times = tuple(judge_moments(plan, one, rows, found.left, work) for one in moments[:2])
    split = choose_split(finding, groups, times)
    if not split.by and not split.group:
        years = possible_years(plan, frame, finding.name)[:2]
        split = asking_of_years(
            split, tuple(judge_moments(plan, one, rows, found.left, work) for one in years)
        )
    uses = with_structure(found.uses, split, groups)
    left = [name for name in found.left if uses[name].use in ('input', 'time')]
    repeats = of_what_is_used(found.repeats, found.usable, [*_names_used(uses), finding.name])
    skill = _expected(rows, split, moments, left, work)
    return Measured(
        target=finding,
        split=split,
        groups=groups,
        time=times,
        repeats=repeats,
        leaks=found.leaks,
        doubted=found.doubted,
        doubts=questions_about(plan, finding.name, found.leaks, found.doubted)
        + question_of_repeats(repeats, len(found.usable)),
        weights=weights_of(plan, found.sampled),
        columns=uses,
        expected_skill=skill,
        warnings=warnings_of(finding, skill, left, len(frame)) + doubts_of(found.doubted),
        work=work.spent,
        work_limit=work.limit,
        untried=tuple(work.untried),
    )


def _names_used(uses: dict[str, ColumnUse]) -> list[str]:
    return [name for name, use in uses.items() if use.use in ('input', 'time')]


def _usable_rows(plan: TablePlan, frame: pd.DataFrame, finding: TargetFinding) -> pd.Index:
    values = frame[finding.name]
    known = values.notna()
    if finding.problem == 'regression':
        known &= numbers(values).notna()
    elif finding.too_rare:
        known &= ~texts_of(values).isin(list(finding.too_rare))
    if finding.meaning == 'censored':
        known &= happened(frame[finding.event])
    return frame.index[known]


def happened(values: pd.Series) -> pd.Series:
    """Where an event's column says that it happened: true, 1, yes, and the words that it has itself (`failed`). Under
    `censored` it is the other way round: yes is the time that had not ended."""
    texts = texts_of(values).astype('string').str.lower().fillna('')
    plain = _NO if words.says(str(values.name), words.CENSORED) else _YES
    return texts.isin([*plain, *_HAPPENED])


def _most_telling(plan: TablePlan, frame: pd.DataFrame, names: list[str], answer: Answer) -> list[str]:
    """Of a wide table the columns most tied to the target by a first look; the others are inputs unmeasured."""
    if len(names) <= MOST_TRIED:
        return names
    truth = answer.values.rank()
    strength = {}
    for name in names:
        block = block_of(plan.column(name), frame[name])
        strength[name] = max(
            (abs(block[part].rank().corr(truth)) for part in block.columns if block[part].nunique() > 1),
            default=0.0,
        )
    strongest = set(sorted(names, key=lambda name: (-np.nan_to_num(strength[name]), name))[:MOST_TRIED])
    return [name for name in names if name in strongest]


def _is_open(moments: Moments, leaks: tuple[Leak, ...]) -> bool:
    given_away = {name for leak in leaks for name in leak.columns}
    return not given_away & set(moments.columns)


def _expected(
    rows: Rows, split: SplitFinding, moments: list[Moments], left: list[str], work: Work
) -> float | None:
    matrix = rows.quick.matrix(left)
    folds = folds_for(split, rows.frame, rows.answer, moments)
    if (
        matrix.shape[1] == 0
        or not folds
        or not work.take('what is to be expected', len(folds), *matrix.shape)
    ):
        return None
    found = skills(matrix, rows.answer, folds)
    return round(float(found.mean()), 4) if len(found) else None


__all__ = ['Measured', 'Wishes', 'happened', 'measure']
