"""The exploration's report, as a colleague would write it."""

from __future__ import annotations

from ...tables.plan import ColumnPlan
from ..confirming import say_what_to_confirm
from ..facts import Count, Fact, Name
from ..figures import Gallery
from ..kinds import kind_words, remarks
from ..report import Report
from ..sentences import Sentence, say
from ..who_decided import say_who_decided
from ..words import cut
from . import decided, structure, target
from .explored import Explored
from .findings import findings, what_it_is

_MOST_COLUMNS = 100


def exploration_report(explored: Explored, gallery: Gallery) -> Report:
    """All of it; the figures are drawn before."""
    report = Report(f'What is in {cut(explored.plan.file.name, 100)}', gallery)
    _in_short(report, explored)
    report.section('What was found')
    report.points(findings(explored))
    report.show('missing', 'cardinality', 'numbers', 'outliers', 'categories')
    _about_target(report, explored)
    _about_columns(report, explored, gallery)
    report.section('What was decided, and why')
    report.points(decided.decisions(explored))
    say_who_decided(report)
    report.section('What is uncertain')
    report.points(decided.doubts(explored))
    report.section('Next steps')
    report.steps(_next_steps(explored))
    return report


def _in_short(report: Report, explored: Explored) -> None:
    """The five things to know, then what a person is to confirm."""
    report.section('In short')
    report.steps(
        [
            what_it_is(explored),
            _to_predict(explored),
            target.expected(explored) or target.what_tells(explored),
            decided.given_away(explored),
            decided.split(explored),
        ]
    )
    say_what_to_confirm(report, explored.measured, explored.plan)


def _to_predict(explored: Explored) -> Sentence:
    missing = int(explored.relations['target']['missing'])
    known, ended = explored.rows - missing, len(explored.answer)
    template = 'To be predicted: {target} ({problem}), known in {rows}.'
    if explored.measured.target.meaning == 'censored':
        template = template.removesuffix('.') + ', of which it had ended in {ended}.'
    return say(
        'target',
        template,
        target=Name(explored.target),
        problem=decided.meaning_words(explored),
        rows=Count(known, 'row'),
        ended=ended,
    )


def _about_target(report: Report, explored: Explored) -> None:
    report.section(f'The target, `{cut(explored.target, 60)}`', level=3)
    report.say(*target.about_target(explored))
    report.show('target', 'time', 'season')
    report.section('What tells of the target', level=3)
    report.say(target.what_tells(explored), target.what_is_measured(explored))
    report.show('signal', 'strongest', 'pair', 'correlation', 'association')


def _about_columns(report: Report, explored: Explored, gallery: Gallery) -> None:
    report.say(gallery.explained())
    report.section('The columns', level=3)
    measure = 'skill' if explored.is_classes else 'R²'
    header = ('column', 'kind', 'missing', 'distinct', measure, 'remarks')
    columns = explored.plan.columns
    report.table('columns', header, [_row(explored, column) for column in columns[:_MOST_COLUMNS]])
    more = len(columns) - _MOST_COLUMNS
    if more > 0:
        report.say(
            say('columns.more', '{more} more are in `eda/data/columns.csv`.', more=Count(more, 'column'))
        )
    report.section('What was measured', level=3)
    report.table('structure', structure.HEADER, structure.structure_rows(explored))
    report.say(structure.no_structure(explored))
    report.say(*structure.repeats(explored), target.expected(explored))


def _row(explored: Explored, column: ColumnPlan) -> list[Fact | str | int | float]:
    profiled = next(one for one in explored.columns if one['name'] == column.name)
    alone = dict(explored.scores).get(column.name)
    return [
        Name(column.name),
        kind_words(column),
        int(profiled['missing']) or '–',
        int(profiled['distinct']),
        '–' if alone is None else f'{alone:.2f}',
        remarks(column, profiled),
    ]


def _next_steps(explored: Explored) -> list[Sentence]:
    return [
        say(
            'next.prepare',
            'Prepare the splits with these decisions; fit imputing, scaling and encoding on the training rows only.',
        ),
        say(
            'next.compare',
            'Compare a few models by {metric} with repeated cross-validation against a dummy.',
            metric=explored.choices['metric'],
        ),
        say(
            'next.ask',
            'Ask whoever knows the table about the uncertain points above before relying on the model.',
        ),
    ]
