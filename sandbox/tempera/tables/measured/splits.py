"""Which way rows are dealt to train, val and test, and the deal itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from ..plan import Choice, Question
from .findings import GroupFinding, SplitFinding, TargetFinding, TimeFinding
from .things import group_keys
from .times import Moments
from .trials import Answer, Fold, content_keys, forward_folds, group_folds, random_folds

#: of the rows; train has the rest
SHARES: Mapping[str, float] = {'test': 0.15, 'val': 0.15}


def choose_split(
    target: TargetFinding, groups: tuple[GroupFinding, ...], times: tuple[TimeFinding, ...]
) -> SplitFinding:
    """Grouped where rows belong together, forward where they follow each other, both where both hold."""
    group = next((one for one in groups if one.keeps_together), None)
    time = next((one for one in times if one.orders_rows), None)
    usual: SplitFinding = SplitFinding(
        'random' if target.problem == 'regression' else 'stratified',
        because='no rows were found that belong together or follow each other',
    )
    if group is not None and time is not None and _grows_old(time):
        return SplitFinding(
            'forward_grouped',
            by=time.columns,
            group=group.column,
            because=f'{group.because}; and {time.because}',
            confirm=group.confirm or time.confirm,
            questions=_questions(group, time),
        )
    if group is not None:
        return SplitFinding(
            'grouped',
            group=group.column,
            because=group.because,
            confirm=group.confirm,
            questions=_questions(group, None),
        )
    if time is not None:
        return SplitFinding(
            'forward',
            by=time.columns,
            because=time.because,
            confirm=time.confirm,
            questions=_questions(None, time),
        )
    return usual


def asking_of_years(split: SplitFinding, years: tuple[TimeFinding, ...]) -> SplitFinding:
    """The split with a question for each column of years that may be time, and would then make a difference."""
    return replace(
        split, questions=(*split.questions, *(_question_of(one) for one in years if _grows_old(one)))
    )


def _question_of(time: TimeFinding) -> Question:
    name = time.columns[0]
    choices = (
        Choice(None, 'rows are dealt at random: the score speaks for rows of the same years', True),
        Choice(name, 'the latest rows are the test: the score speaks for the time to come'),
    )
    text = (
        f'Does `{name}` say when a row was seen, so that those to predict are later ones? It would matter: '
        f'{time.because}.'
    )
    return Question('split.by', text, choices)


def _grows_old(time: TimeFinding) -> bool:
    return time.trial is not None and time.trial.is_real


def _questions(group: GroupFinding | None, time: TimeFinding | None) -> tuple[Question, ...]:
    asked: list[Question] = []
    if group is not None and group.confirm:
        choices = (
            Choice(
                group.column,
                f'all rows of a value of `{group.column}` stay on one side: the score speaks for new ones',
                True,
            ),
            Choice(
                None,
                f'rows are dealt one by one: the score speaks for values of `{group.column}` that were seen',
            ),
        )
        asked.append(
            Question('split.by', f'Will predictions be made for new values of `{group.column}`?', choices)
        )
    if time is not None and time.confirm:
        names = ', '.join(time.columns)
        choices = (
            Choice(names, 'the latest rows are the test: the score speaks for the time to come', True),
            Choice(None, 'rows are dealt at random: the score speaks for rows of the same time'),
        )
        asked.append(
            Question(
                'split.by', f'Will predictions be made for later rows than these (by `{names}`)?', choices
            )
        )
    return tuple(asked)


def folds_for(split: SplitFinding, frame: pd.DataFrame, answer: Answer, moments: list[Moments]) -> list[Fold]:
    """Folds that hold apart what the split holds apart."""
    if split.strategy.startswith('forward') and moments:
        values = moments[0].values.loc[frame.index]
        return forward_folds(values.fillna(values.min()).to_numpy())
    if split.group:
        return group_folds(answer, group_keys(frame[split.group]), repeats=1)
    return random_folds(answer, repeats=1)


def deal_forward(frame: pd.DataFrame, split: SplitFinding, moment: pd.Series) -> pd.Series:
    """`train`, `val` or `test` for each row: what comes later is judged by what came before, rows of a moment
    together."""
    dealt = _forward(moment)
    if split.strategy == 'forward_grouped':
        return _groups_apart(dealt, group_keys(frame[split.group]))
    return dealt


def _forward(moment: pd.Series) -> pd.Series:
    filled = moment.fillna(moment.min())
    order = np.sort(filled.to_numpy())
    starts = {name: order[int(len(order) * share)] for name, share in (('val', 0.70), ('test', 0.85))}
    moments = np.unique(order)
    if starts['test'] <= starts['val']:
        later = moments[moments > starts['val']]
        starts['test'] = later[0] if len(later) else starts['val']
    dealt = pd.Series('train', index=moment.index)
    dealt[filled >= starts['val']] = 'val'
    dealt[filled >= starts['test']] = 'test'
    return dealt


def _groups_apart(dealt: pd.Series, keys: np.ndarray) -> pd.Series:
    """Each group wholly where its last row is, so that none is learned from and judged on."""
    rank = dealt.map({'train': 0, 'val': 1, 'test': 2}).to_numpy()
    last = pd.Series(rank).groupby(keys).transform('max')
    return pd.Series(np.array(['train', 'val', 'test'])[last.to_numpy()], index=dealt.index)


def deal_at_random(frame: pd.DataFrame, keys: np.ndarray, answer: pd.Series, seed: int) -> pd.Series:
    """`train`, `val` or `test` for each row; rows of one key (repeats, or a group) stay on one side. Units are taken in
    an order that depends on their content, stratum by stratum, until a split has its share of the rows."""
    content = pd.Series(content_keys(frame), index=frame.index)
    table = pd.DataFrame({'key': keys, 'content': content.to_numpy(), 'stratum': _strata(answer).to_numpy()})
    units = table.groupby('key').agg(
        content=('content', 'min'), rows=('key', 'size'), stratum=('stratum', 'first')
    )
    generator = np.random.default_rng(seed)
    place: dict[object, str] = {}
    for stratum in sorted(units['stratum'].unique()):
        members = units[units['stratum'] == stratum].sort_values(['content', 'rows'])
        members = members.iloc[generator.permutation(len(members))]
        place |= _dealt_out(members)
    return pd.Series(pd.Series(keys).map(place).fillna('train').to_numpy(), index=frame.index)


def _dealt_out(members: pd.DataFrame) -> dict[object, str]:
    place: dict[object, str] = {}
    rows, at = int(members['rows'].sum()), 0
    sizes, names = members['rows'].to_numpy(), list(members.index)
    for split, share in SHARES.items():
        quota, taken = round(share * rows), 0
        # a unit that would lead further past the share than it is away from it ends the split's turn
        while at < len(names) and quota - taken >= max(1, sizes[at] / 2):
            place[names[at]] = split
            taken, at = taken + int(sizes[at]), at + 1
    return place


def _strata(answer: pd.Series) -> pd.Series:
    """What is kept balanced: the class, or the quintile of a number."""
    if not pd.api.types.is_numeric_dtype(answer):
        return answer.astype('string').fillna('').astype('object')
    count = min(5, max(1, len(answer) // 10))
    return pd.Series(pd.qcut(answer.rank(method='first'), count, labels=False), index=answer.index).fillna(0)
