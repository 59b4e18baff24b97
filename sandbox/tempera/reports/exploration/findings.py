"""What was found in the file, column by column and row by row, as sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ...learning.summary import HEAVY_SKEW
from ...tables.plan import ColumnPlan
from ..facts import Because, Count, Name, Names, Percent, Score, Share
from ..kinds import KIND_WORDS
from ..sentences import Sentence, say
from ..upload import about_file
from .explored import Explored

_MOST_TWINS, _MOST_EXAMPLES = 5, 3
_FORMS = {'parquet': 'Parquet', 'json': 'JSON', 'jsonl': 'JSON, one record a line'}


def what_it_is(explored: Explored) -> Sentence:
    """The file's form and size."""
    file = explored.plan.file
    left = file.rows - file.rows_used
    return say(
        'file.size',
        '{file} is {form} with **{rows} and {columns}**' + ('; {left} more {are} left out.' if left else '.'),
        file=Name(file.name),
        form=form_of(explored),
        rows=Count(explored.rows, 'row'),
        columns=Count(len(explored.columns), 'column'),
        left=left,
        are='is' if left == 1 else 'are',
    )


def form_of(explored: Explored) -> str:
    """How the file is written."""
    file, part = explored.plan.file, explored.plan.file.parts[0]
    packed = f', {", ".join(file.packed)}' if file.packed else ''
    if file.kind == 'workbook':
        return f'a workbook (sheet `{part.sheet}`){packed}'
    if file.kind in _FORMS:
        return _FORMS[file.kind] + packed
    comma = ', decimal comma' if explored.profile['read']['decimal'] == ',' else ''
    mark = {'\t': 'tab', ' ': 'blank'}.get(file.delimiter, file.delimiter)
    return f'{"TSV" if mark == "tab" else "CSV"} text (delimiter `{mark}`, {part.encoding}{packed}{comma})'


def findings(explored: Explored) -> Iterator[Sentence]:
    """Everything that is worth a point."""
    yield from about_file(explored.plan)
    yield _kinds(explored)
    yield from _gaps(explored)
    yield _repeats(explored)
    heavy = [column['name'] for column in explored.columns if 'heavy_tail' in column['flags']]
    if heavy:
        yield say(
            'columns.heavy',
            'Heavy tails in {names}: with a skewness above {skew}, means and standard deviations hang on a few values.',
            names=Names(heavy),
            skew=HEAVY_SKEW,
        )
    for first, second, size in explored.relations['twins'][:_MOST_TWINS]:
        yield say(
            'columns.twins',
            '{first} and {second} say nearly the same thing (rank correlation {size}).',
            first=Name(first),
            second=Name(second),
            size=Score(size, 3),
        )


def _kinds(explored: Explored) -> Sentence:
    counts = Counter(KIND_WORDS[column.kind] for column in explored.plan.columns)
    listed = ', '.join(f'{count:,} × {kind}' for kind, count in counts.most_common())
    return say('columns.kinds', 'Kinds of columns: {said}.', said=listed)


def _gaps(explored: Explored) -> Iterator[Sentence]:
    if not explored.gaps:
        yield say('cells.missing.none', 'No cell is blank or marked as missing.')
        return
    worst = max(explored.columns, key=lambda column: (column['missing'], column['name']))
    yield say(
        'cells.missing',
        '{cells} of the cells are missing, most in {worst} ({rows} of the rows).',
        cells=Share(explored.gaps, explored.rows * len(explored.columns)),
        worst=Name(worst['name']),
        rows=Share(worst['missing'], explored.rows),
    )
    for column in explored.plan.columns:
        yield from _gaps_of(explored, column)


def _gaps_of(explored: Explored, column: ColumnPlan) -> Iterator[Sentence]:
    written = [token for token in column.missing if token.text.strip()]
    if written:
        yield say(
            'column.tokens',
            'In {name} a value that is not there is written as {tokens}, in capitals or not.',
            name=Name(column.name),
            tokens=Names([token.text for token in written]),
        )
    for token in column.sentinels:
        yield say(
            'column.sentinel',
            '{name} is {token} in {rows} of the rows, which stands for no value: {why}.',
            name=Name(column.name),
            token=Name(token.text),
            rows=Share(token.count, explored.rows),
            why=Because(token.because),
        )
    if column.unparsed:
        yield say(
            'column.unparsed',
            '{share} of the cells of {name} are no {kind}, such as {examples}: they count as missing.',
            share=Percent(column.unparsed),
            name=Name(column.name),
            kind=KIND_WORDS[column.kind],
            examples=Names(column.unparsed_examples[:_MOST_EXAMPLES]),
        )


def _repeats(explored: Explored) -> Sentence:
    repeats = int(explored.profile['duplicates'])
    if not repeats:
        return say('rows.repeated.none', 'No row repeats another in all columns.')
    return say(
        'rows.repeated',
        '{repeats} of the rows repeat an earlier one in all columns.',
        repeats=Share(repeats, explored.rows),
    )
