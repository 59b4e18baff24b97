"""What a person should know of an upload before it becomes an experiment, a sentence each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tempera.reports.upload import about_file
from tempera.tables import TablePlan

from ..cell_values import cut

_MOST_NAMED = 8
_MOST_QUESTIONS = 10


def warnings_of(plan: TablePlan, columns: list[dict[str, Any]]) -> list[str]:
    """Of the file first, then of its columns, then what is to be asked."""
    of_file = [sentence.words for sentence in about_file(plan)]
    return [*of_file, *_of_columns(plan, columns), *_of_questions(plan)]


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
