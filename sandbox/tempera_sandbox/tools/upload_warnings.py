"""What a person should know of an upload before it becomes an experiment, a sentence each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tempera.tables import TablePlan
from tempera.tables.plan import LeftOut

from .cell_values import cut

_FEW_ROWS = 20
_MOST_NAMED = 8
_MOST_QUESTIONS = 10
_LINES = 5
#: findings about the file that are told as they are
_REPORTED = ('formulas', 'parts', 'join', 'beside')
_REASONS = {
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


def warnings_of(plan: TablePlan, columns: list[dict[str, Any]]) -> list[str]:
    """Of the file first, then of its columns, then what is to be asked."""
    return [*_of_file(plan), *_of_names(plan), *_of_columns(plan, columns), *_of_questions(plan)]


def _of_file(plan: TablePlan) -> list[str]:
    file = plan.file
    warnings = []
    if file.encoding_is_guess:
        warnings.append(
            f'The encoding {file.encoding} is a guess: look whether letters beyond English are right.'
        )
    if not file.has_header:
        warnings.append('The table has no header row: the columns are called column_1, column_2 and so on.')
    warnings += [_left_out(one) for part in file.parts for one in part.left_out]
    short, long = (sum(getattr(part, name) for part in file.parts) for name in ('short_rows', 'long_rows'))
    if short or long:
        warnings.append(
            f'{_rows(short + long)} another number of fields than the {len(plan.names)} columns '
            f'({short:,} fewer, {long:,} more) and {"was" if short + long == 1 else "were"} aligned.'
        )
    sheets = {title: why for part in file.parts for title, why in part.other_sheets.items()}
    for what, left in (('Files', file.others), ('Sheets', sheets)):
        if left:
            warnings.append(f'{what} that are not read: {_pairs(left)}.')
    warnings += [f'{_sentence(one.because)}.' for one in file.evidence if one.finding in _REPORTED]
    if file.rows_used < _FEW_ROWS:
        warnings.append(
            f'The table has only {file.rows_used} rows: models learned from fewer than {_FEW_ROWS} say little.'
        )
    return warnings


def _left_out(one: LeftOut) -> str:
    where = ', '.join(f'{line:,}' for line in one.lines[:_LINES])
    more = ' and more' if one.count > len(one.lines[:_LINES]) and one.lines else ''
    lines = f' (line{"s" * (len(one.lines) > 1)} {where}{more})' if where else ''
    sample = f', such as {cut(one.sample, 80)!r}' if one.sample else ''
    return f'{one.count:,} line{"s" * (one.count != 1)} left out as {_REASONS[one.reason]}{lines}{sample}.'


def _rows(count: int) -> str:
    return f'{count:,} row{"s" * (count != 1)} {"has" if count == 1 else "have"}'


def _pairs(left: Mapping[str, str]) -> str:
    shown = '; '.join(f'{cut(name, 60)} ({cut(why, 200)})' for name, why in list(left.items())[:_MOST_NAMED])
    return shown + (f' and {len(left) - _MOST_NAMED:,} more' if len(left) > _MOST_NAMED else '')


def _of_names(plan: TablePlan) -> list[str]:
    warnings = []
    changed = [
        f'{cut(now, 60)} (was {cut(then, 60)!r})' for now, then in plan.file.renamed.items() if now != then
    ]
    if changed:
        warnings.append(f'Names that were repeated or empty were changed: {_listed(changed)}.')
    if plan.file.index:
        warnings.append(f'Columns that were the index of a stored frame: {_listed(plan.file.index)}.')
    lowered = [name.lower() for name in plan.names]
    if len(set(lowered)) < len(lowered):
        warnings.append('Some column names differ only in upper and lower case; SQL takes them for the same.')
    return warnings


def _of_columns(plan: TablePlan, columns: list[dict[str, Any]]) -> list[str]:
    """Sentences about groups of columns, each with at most a few names."""
    rows = plan.file.rows_used
    there = [column for column in columns if not column.get('all_missing')]
    groups = (
        ('Without any value', [c for c in columns if c.get('all_missing')]),
        ('With the same value in every row', [c for c in there if c['type'] == 'constant']),
        ('More than half missing', [c for c in there if c['missing'] > rows * 0.5]),
        ('Values with a few other texts among them', [c for c in there if c.get('not_numbers')]),
        ('With a code for missing, such as -999', [c for c in there if 'possible_missing_code' in c]),
        ('Numbers with a decimal comma', [c for c in there if c.get('decimal') == ',']),
    )
    return [
        f'{sentence}: {_listed([column["name"] for column in group])}.' for sentence, group in groups if group
    ]


def _of_questions(plan: TablePlan) -> list[str]:
    asked = list(dict.fromkeys(question.text for question in plan.questions))
    more = len(asked) - _MOST_QUESTIONS
    return [cut(text, 400) for text in asked[:_MOST_QUESTIONS]] + (
        [f'{more:,} more questions will be asked in the analysis.'] if more > 0 else []
    )


def _listed(names: Iterable[str]) -> str:
    held = list(names)
    shown = ', '.join(cut(name, 140) for name in held[:_MOST_NAMED])
    return shown + (f' and {len(held) - _MOST_NAMED:,} more' if len(held) > _MOST_NAMED else '')


def _sentence(text: str) -> str:
    return cut(text[:1].upper() + text[1:], 400)
