"""What is to be known of a file, as sentences: an upload's preview and the exploration's report say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..tables import TablePlan
from ..tables.plan import FilePlan, LeftOut, Reason
from .facts import Cell, Count, Name, Names, Pairs, Renamed, Share, Words
from .sentences import Sentence, say
from .words import cut

#: fewer rows than these say little, whatever is learned from them
FEW_ROWS = 20
_LINES = 5
#: findings about the file that are told as they are
_FOUND = ('formulas', 'parts', 'beside')
#: what rows of a file may be instead of data; its other lines, such as comments, are none of its rows
_ROWS: tuple[Reason, ...] = ('repeated_header', 'total', 'footnote', 'other_table', 'unaligned')
#: what lines that are no data are called
_REASONS: Mapping[Reason, str] = {
    'comment': 'comments',
    'blank': 'blank lines',
    'title': 'titles',
    'merged_head': 'merged heads',
    'header': 'heads',
    'units': 'units',
    'separator': 'separating lines',
    'repeated_header': 'repeated heads',
    'total': 'totals',
    'footnote': 'footnotes',
    'other_table': 'another table',
    'unaligned': 'rows with too many or too few fields',
}


def about_file(plan: TablePlan) -> Iterator[Sentence]:
    """How it is read and what of it is not, then its columns' names."""
    file = plan.file
    if file.encoding_is_guess:
        yield say(
            'file.encoding',
            'The encoding {encoding} is a guess: look whether letters beyond English are right.',
            encoding=file.encoding,
        )
    if not file.has_header:
        yield say(
            'file.header.none',
            'The table has **no header row**: the columns are called {first}, {second} and so on.',
            first=Cell('column_1', quoted=False),
            second=Cell('column_2', quoted=False),
        )
    for part in file.parts:
        yield from map(_left_out, part.left_out)
    for reason in file.restored:
        yield say(
            'file.restored',
            'What looks like {reason} counts as rows, as was decided.',
            reason=_REASONS[reason],
        )
    yield from _aligned(plan)
    sheets = {title: why for part in file.parts for title, why in part.other_sheets.items()}
    for what, left in (('Files', file.others), ('Sheets', sheets)):
        if left:
            yield say('file.unread', '{what} that are not read: {left}.', what=what, left=Pairs(left))
    yield from joins_of(file)
    for one in file.evidence:
        if one.finding in _FOUND:
            yield say('file.found', '{said}.', said=cut(one.because[:1].upper() + one.because[1:], 400))
    if file.rows_used < FEW_ROWS:
        yield say(
            'file.few',
            'The table has only {rows}: models learned from fewer than {few} say little.',
            rows=Count(file.rows_used, 'row'),
            few=FEW_ROWS,
        )
    yield from _names(plan)


def joins_of(file: FilePlan) -> Iterator[Sentence]:
    """Which tables were joined to the rows, by which key, and how many rows found theirs."""
    for join in file.joins:
        yield say(
            'file.join',
            'The table {table} is joined by {by}, one row of it for each: {matched} of the rows with a key '
            'found theirs, and {columns} came with it.',
            table=Name(join.part.member or join.part.sheet),
            by=Names(join.key),
            matched=Share(join.matched, join.keyed),
            columns=Count(len(join.taken), 'column'),
        )


def rows_of_no_data(file: FilePlan) -> dict[str, int]:
    """Rows of the file that are no data, by what they are; they add up to its rows that are not used."""
    counts = {_REASONS[reason]: file.left_out[reason] for reason in _ROWS if file.left_out.get(reason)}
    between = file.rows - file.rows_used - sum(counts.values())
    return counts | ({'titles and lines drawn between rows': between} if between > 0 else {})


def _left_out(one: LeftOut) -> Sentence:
    lines = one.lines[:_LINES]
    more = ' and more' if one.count > len(lines) and lines else ''
    where = f' (line{"s" * (len(one.lines) > 1)} {", ".join(f"{line:,}" for line in lines)}{more})'
    return say(
        'file.left_out',
        '{count} left out as {reason}{where}' + (', such as {sample}.' if one.sample else '.'),
        count=Count(one.count, 'line'),
        reason=_REASONS[one.reason],
        where=Words(where if lines else ''),
        sample=Cell(one.sample, 80),
    )


def _aligned(plan: TablePlan) -> Iterator[Sentence]:
    short = sum(part.short_rows for part in plan.file.parts)
    long = sum(part.long_rows for part in plan.file.parts)
    if short or long:
        one = short + long == 1
        yield say(
            'file.aligned',
            '{rows} {have} another number of fields than the {columns} ({short} fewer, {long} more) and {were} '
            'aligned.',
            rows=Count(short + long, 'row'),
            have='has' if one else 'have',
            columns=Count(len(plan.names), 'column'),
            short=short,
            long=long,
            were='was' if one else 'were',
        )


def _names(plan: TablePlan) -> Iterator[Sentence]:
    changed = {now: then for now, then in plan.file.renamed.items() if now != then}
    if changed:
        yield say(
            'file.renamed',
            'Names that were repeated or empty were changed: {changed}.',
            changed=Renamed(changed),
        )
    if plan.file.index:
        yield say(
            'file.index',
            'Columns that were the index of a stored frame: {names}.',
            names=Names(plan.file.index, 8),
        )
    lowered = [name.lower() for name in plan.names]
    if len(set(lowered)) < len(lowered):
        yield say(
            'file.case',
            'Some column names differ only in upper and lower case; SQL takes them for the same.',
            different=len(set(lowered)),
        )
