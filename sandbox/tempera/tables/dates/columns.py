"""Columns of dates, moments, times of day and spans."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .. import words
from ..cells import durations
from ..distinct import Distinct
from ..draft import ENOUGH, Draft, Subject
from ..missing import tokens_among_values
from ..plan import Choice, Form, Question
from . import written

#: forms of moments that one column may mix
_MOST_FORMATS = 12
#: texts that are looked at first, to turn away columns that are no dates
_GLANCE = 40
_MIDNIGHT = r'(?i)[T ]0?0:00(?::00(?:[.,]0+)?)? ?(?:z|utc|gmt|[+-][0-9]{2}(?::?[0-9]{2})?)$'
_HAS_TIME = re.compile(r'%[HI]')


def temporal_draft(subject: Subject) -> Draft | None:
    """The column as moments or spans, or None where it holds something else."""
    tokens = tokens_among_values(subject.distinct)
    rest = subject.distinct.without({token.text for token in tokens})
    if not rest.filled:
        return None
    glance = rest.sample[:: max(1, len(rest.sample) // _GLANCE)][:_GLANCE]
    if not any(any(letter.isdigit() for letter in text) for text, _ in glance):
        return None
    dated = sum(1 for text, _ in glance if written.formats_of(text))
    clocked = sum(1 for text, _ in glance if durations.way_of(text) or written.clock_of(text))
    draft = None
    if dated >= 0.5 * len(glance):
        draft = _moments(subject, rest)
    elif clocked >= 0.5 * len(glance):
        draft = _spans(subject, rest)
    if draft:
        draft.with_tokens(tokens)
    return draft


def first_of_dates(distinct: Distinct) -> str:
    """Whether the dates of a column prove that the day (`%d`) or the month (`%m`) stands first."""
    votes: Counter[str] = Counter()
    if not any(written.formats_of(text) for text, _ in distinct.sample[:5]):
        return ''
    for text, count in distinct.sample[:200]:
        names = written.formats_of(text)
        if len(names) == 1 and re.match(r'%[dm][-/. ]%[dm]', names[0]):
            votes[names[0][:2]] += count
    return votes.most_common(1)[0][0] if votes else ''


def _moments(subject: Subject, rest: Distinct) -> Draft | None:
    formats, settled = _formats(subject, rest)
    if not formats:
        return None
    offsets = _offsets(rest.texts) if any('%z' in name for name in formats) else 0
    days = bool(offsets) and _are_midnights(rest.texts)
    zoned = bool(offsets) and not days
    form = Form(
        type='moment', formats=formats, zoned=zoned, epoch='yyyymmdd' if formats[0] == '%Y%m%d' else ''
    )
    values, known = written.read(rest.texts, form)
    share = float(rest.counts[known].sum()) / rest.filled
    if share < ENOUGH:
        return None
    with_time = not days and any(_HAS_TIME.search(name) for name in formats)
    draft = Draft('datetime' if with_time else 'date', form)
    lost = np.flatnonzero(~known)
    draft.stray = dict(
        zip(rest.texts.take(pa.array(lost)).to_pylist(), rest.counts[lost].tolist(), strict=True)
    )
    draft.found(
        'kind', f'{share:.1%} of the filled cells are dates written as {" or ".join(formats[:3])}',
        share=round(share, 4), first=str(values[known].min())[:19], last=str(values[known].max())[:19],
    )  # fmt: skip
    if zoned:
        draft.found(
            'zone', f'cells carry {offsets} different offsets; moments are kept in UTC', offsets=offsets
        )
    if days:
        draft.found('zone', 'every cell is a midnight where it was written: the day is kept')
    if not settled:
        draft.questions.append(_which_first(subject, formats[0]))
    return draft


def _offsets(texts: pa.StringArray) -> int:
    found = pc.extract_regex(texts, r'(?P<zone>[zZ]|[+-][0-9]{2}:?[0-9]{0,2})$')
    return len(pc.unique(found.field('zone')).drop_null()) if len(found) else 0


def _are_midnights(texts: pa.StringArray) -> bool:
    """Whether all are days, written with a time and an offset that say nothing more."""
    return bool(pc.all(pc.match_substring_regex(texts, _MIDNIGHT)).as_py())


def _formats(subject: Subject, rest: Distinct) -> tuple[tuple[str, ...], bool]:
    """The formats of the column, the commonest first, and whether day and month are told apart."""
    sure: Counter[str] = Counter()
    unsure: Counter[tuple[str, ...]] = Counter()
    for text, count in rest.sample:
        names = written.formats_of(text)
        if len(names) == 1:
            sure[names[0]] += count
        elif names:
            unsure[names] += count
    settled = True
    for names, count in unsure.items():
        votes = [sure[name] for name in names]
        if any(votes):
            chosen = names[int(np.argmax(votes))]
        else:
            like = {
                name[:2]: sum(cells for other, cells in sure.items() if other[:5] == name[:5])
                for name in names
            }
            chosen, settled = _chosen(subject, names, like, rest)
        sure[chosen] += count
    return tuple(name for name, _ in sure.most_common(_MOST_FORMATS)), settled


def _chosen(
    subject: Subject, names: tuple[str, ...], like: dict[str, int], rest: Distinct
) -> tuple[str, bool]:
    """Of two ways to read a column's dates: as its other cells, as the file's, in the file's order, as is usual."""
    by_first = {name[:2]: name for name in names}
    if any(like.values()):
        return by_first[max(like, key=lambda first: like[first])], True
    if subject.first_of_date in by_first:
        return by_first[subject.first_of_date], True
    steps = {first: _order(rest, name) for first, name in by_first.items()}
    best = max(steps, key=lambda first: steps[first])
    if steps[best] > 0.95 and sum(share > 0.95 for share in steps.values()) == 1:
        return by_first[best], True
    usual = '%m' if '/' in names[0] and subject.locale.decimal == '.' else '%d'
    return by_first.get(usual, names[0]), False


def _order(rest: Distinct, name: str) -> float:
    """Of the steps from each date to the next as they stand in the file, how many go forward, or back."""
    values, known = written.read(rest.texts.slice(0, 2_000), Form(type='moment', formats=(name,)))
    steps = np.diff(values[known].astype(np.int64))
    if len(steps) < 5:
        return 0.0
    return float(max((steps > 0).mean(), (steps < 0).mean()))


def _which_first(subject: Subject, name: str) -> Question:
    day = name.startswith('%d')
    return Question(
        f'column.{subject.key}.date_order',
        f'In `{subject.name}` no date has a part above 12. Does the day or the month stand first?',
        (
            Choice('day', '05/12 is the fifth of December.', recommended=day),
            Choice('month', '05/12 is the twelfth of May.', recommended=not day),
        ),
    )


def _spans(subject: Subject, rest: Distinct) -> Draft | None:
    clocks = Counter[str]()
    ways = Counter[str]()
    for text, count in rest.sample:
        clock = written.clock_of(text)
        if clock:
            clocks[clock] += count
        way = durations.way_of(text)
        if way:
            ways[way] += count
    seen = sum(count for _, count in rest.sample)
    long = not words.says(subject.name, words.DURATION)
    if long and sum(clocks.values()) >= ENOUGH * seen and not _counts_up(rest):
        form = Form(
            type='float', clock='clock', formats=tuple(name for name, _ in clocks.most_common(_MOST_FORMATS))
        )
        if any('%p' in name for name in form.formats):
            form = replace(form, clock='half')
        draft = Draft('time', form, unit='s')
        draft.found('kind', 'every cell is a time of day, kept as seconds since midnight')
        return draft
    if sum(ways.values()) < ENOUGH * seen:
        return None
    names = [way for way, _ in ways.most_common()]
    minutes = 'clock' in names and _short_clocks(subject, rest)
    form = Form(
        type='float', clock='+'.join('clock:ms' if way == 'clock' and minutes else way for way in names)
    )
    draft = Draft('duration', form, unit='s')
    draft.found('kind', f'spans of time written as {", ".join(names)}, kept in seconds')
    return draft


def _counts_up(rest: Distinct) -> bool:
    """Hours beyond a day are spans, not times of day; `24:00` may be either's end."""
    return any(
        re.match(r'(?:2[4-9]|[3-9]\d|\d{3,}):', text) and not written.clock_of(text)
        for text, _ in rest.sample
    )


def _short_clocks(subject: Subject, rest: Distinct) -> bool:
    """`12:30` of a span is minutes and seconds where first parts go beyond 23 or the name speaks of laps and tracks."""
    firsts = [
        int(found[1]) for text, _ in rest.sample if (found := re.fullmatch(r'(\d+):\d\d(?:[.,]\d+)?', text))
    ]
    if not firsts:
        return False
    named = words.says(
        subject.name, frozenset('lap track song pace split call duration length runtime mm ss'.split())
    )
    return max(firsts) > 23 or named
