"""The ledger as it stands while a report is written: what was decided, by whom and why, the person's first."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .._decisions import STAGES, standing
from ..learning.learner_titles import TITLES
from .facts import Count, Fact, Name, Words
from .report import Report
from .sentences import say
from .words import cut

#: decisions that are named one by one before the rest is counted
MOST = 40
_DECIDERS = {'person': 'the person', 'agent': 'the agent', 'rule': 'a rule', 'default': 'by default'}
_REASON_CHARS = 160
#: characters of a session's id that people know it by
_SHORT_ID = 6


def say_who_decided(report: Report) -> None:
    """A section of its own; nothing where nothing was decided."""
    decisions = in_order(standing())
    report.section('Who decided what')
    rows = [_row(one) for one in decisions[:MOST]]
    report.table('ledger', ('decision', 'value', 'decided by', 'why'), rows)
    more = len(decisions) - MOST
    if more > 0:
        report.say(say('ledger.more', '{more} stand in `decisions.json`.', more=Count(more, 'more decision')))


def in_order(decisions: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The person's first, then what was kept from another session, then by stage; columns after what is of all."""
    return sorted(decisions, key=_place)


def _place(one: Mapping[str, Any]) -> tuple[int, bool, int]:
    rank = 0 if one.get('by') == 'person' else 1 if one.get('inherited_from') else 2
    stage = one.get('stage')
    return (
        rank,
        str(one['key']).startswith('column.'),
        STAGES.index(stage) if stage in STAGES else len(STAGES),
    )


def _row(one: Mapping[str, Any]) -> list[Fact | str | int | float]:
    reason = ' '.join(str(one.get('reason') or '').split())
    return [Name(one['key']), _shown(one), _whose(one), cut(reason, _REASON_CHARS) if reason else '–']


def _shown(one: Mapping[str, Any]) -> Fact:
    value = one.get('value')
    if not isinstance(value, str):
        return Words(json.dumps(value, ensure_ascii=False))
    title = TITLES.get(value) if one['key'] == 'model.choice' else None
    return Name(value) if title is None else Words(title)


def _whose(one: Mapping[str, Any]) -> str:
    words = _DECIDERS.get(str(one.get('by')), str(one.get('by')))
    if one.get('inherited_from'):
        words += f', kept from session …{str(one["inherited_from"])[-_SHORT_ID:]}'
    return f'{words}; to be confirmed' if one.get('to_confirm') else words
