"""The preparation's report: what came in, what was done with it and why, what goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from ..choices.featuring import CHANGES
from ..learning.prepare import SPLITS
from ..learning.prepared import Prepared
from ..tables.features import Way, usual_way
from .confirming import say_what_to_confirm
from .export import export_csv
from .facts import Because, Count, Fact, Name, Names, Percent, Share
from .report import Report
from .sentences import Sentence, say
from .upload import rows_of_no_data
from .who_decided import say_who_decided
from .words import cut, number_text, percent_text

_MOST_LABELS, _MOST_NAMED = 8, 40
_ROWS_LEFT_OUT: Mapping[str, str] = {
    'missing_target': 'without a value of the target',
    'too_rare': 'with a label too rare to be learned',
    'censored': 'as their time had not ended',
    'duplicates': 'as exact repeats, so that no row is both learned from and judged on',
}
#: kinds of columns with what the pipeline makes of them
_MADE_OF: Mapping[str, tuple[str, str]] = {
    'date': ('Dates', 'year, month, week, weekday, season and the days that have passed'),
    'datetime': (
        'Dates with times',
        'year, month, week, weekday, season, the hour and the days that have passed',
    ),
    'time': ('Times of day', 'the hour, also as a circle'),
    'text': ('Texts', 'words and groups of characters, reduced to a few numbers, and the length'),
    'list': ('Lists', 'which of the commonest items are there, and how many'),
    'record': ('Records', 'each field as a column of its own'),
    'coordinates': ('Coordinates', 'both numbers'),
}
_LABELS = ('category', 'code', 'boolean', 'identifier')


def preparation_report(prepared: Prepared) -> Report:
    """All of it."""
    report = Report(f'Preparing `{cut(prepared.target.name, 60)}`')
    _in_short(report, prepared)
    report.table('splits', ('split', 'rows', 'share', 'target'), balance(prepared))
    report.section('What was done, and why')
    report.points(_done(prepared))
    say_who_decided(report)
    report.section('What is uncertain')
    report.points(_uncertain(prepared))
    report.section('Next steps')
    report.steps(
        [
            say('next.train', 'Train on these splits; refit this pipeline inside every fold.'),
            say('next.test', 'Leave the test split alone until the model is chosen.'),
        ]
    )
    return report


def write_balance(prepared: Prepared, path: Path) -> None:
    """The splits' sizes and their targets, as CSV."""
    export_csv(pd.DataFrame(balance(prepared), columns=['split', 'rows', 'share', 'target']), path)


def balance(prepared: Prepared) -> list[list[str]]:
    """A line for each split: rows, share, and how its target is spread."""
    target, lines = prepared.target.name, []
    for name in SPLITS:
        part = prepared.splits[name]
        shares = part[target].value_counts(normalize=True).sort_index().head(_MOST_LABELS)
        spread = (
            ', '.join(f'{cut(label, 30)}: {percent_text(share)}' for label, share in shares.items())
            if prepared.is_classes
            else f'mean {number_text(part[target].mean())}, sd {number_text(part[target].std())}'
        )
        lines.append([name, f'{len(part):,}', f'{100 * len(part) / len(prepared.table):.1f} %', spread])
    return lines


def _in_short(report: Report, prepared: Prepared) -> None:
    report.section('In short')
    report.steps(
        [_rows_in_and_on(prepared), _missing(prepared), _columns(prepared), _apart(prepared), _held(prepared)]
    )
    say_what_to_confirm(report, prepared.measured, prepared.plan)


def _rows_in_and_on(prepared: Prepared) -> Sentence:
    return say(
        'rows.on',
        '{came} came in and {on} go on: {train} to train on, {val} to validate, {test} to test.',
        came=Count(prepared.rows_in, 'row'),
        on=len(prepared.table),
        **{name: len(prepared.splits[name]) for name in SPLITS},
    )


def _missing(prepared: Prepared) -> Sentence:
    if not prepared.missing:
        return say('cells.missing.none', 'No cell of the upload is missing.')
    return say(
        'cells.missing',
        '{cells} of the upload’s cells are missing.',
        cells=Share(prepared.missing, int(prepared.source.frame.size)),
    )


def _columns(prepared: Prepared) -> Sentence:
    dropped = list(prepared.choices['drop'])
    rest = ' Not used: {dropped}.' if dropped else ''
    return say(
        'columns.used',
        '{columns} can be learned from; the pipeline makes {numbers} of them.' + rest,
        columns=Count(len(prepared.features), 'column'),
        numbers=Count(prepared.width, 'number'),
        dropped=Names(dropped, 5),
    )


def _apart(prepared: Prepared) -> Sentence:
    by = prepared.choices['split']['by'] or ''
    facts: dict[str, Fact] = {'by': Name(by), 'group': Name(prepared.measured.split.group)}
    strategy = prepared.dealt.strategy
    template = {
        'time': 'The split is by time along {by}: training rows come first, test rows last, rows of one moment '
        'together.',
        'group': 'The split is by {by}: all rows of one value stand on one side.',
        'time_and_group': 'The split is by time along {by}, all rows of a value of {group} on one side.',
        'column': 'The split is by the column {by}.',
    }.get(strategy)
    if strategy == 'file':
        file = Name(prepared.choices['test_file'] or prepared.source.test_part)
        return say('split.file', 'The split is with the file {file} as the test split.', file=file)
    if template is not None:
        return say(f'split.{strategy}', template, **facts)
    dealt = 'class by class' if prepared.is_classes else 'quintile by quintile of the target'
    return say(
        'split.random', 'The split is at random by the rows’ content with a fixed seed, {dealt}.', dealt=dealt
    )


def _held(prepared: Prepared) -> Sentence:
    """What became of rows whose features are equal."""
    alike = Count(prepared.alike, 'row')
    have = 'has' if prepared.alike == 1 else 'have'
    if prepared.dealt.apart == 'apart' and prepared.near > prepared.alike:
        return say(
            'near.apart',
            '{near} {are} so near an earlier one in all features that both are taken for one thing seen twice. All '
            'rows of a thing stay on one side of the split, so that none is judged on what was learned by heart.',
            near=Count(prepared.near, 'row'),
            are='is' if prepared.near == 1 else 'are',
        )
    if prepared.dealt.apart == 'apart':
        return say(
            'equal.apart',
            '{alike} {have} the same features as an earlier one. Each such group stays on one side of the split, so '
            'that none is judged on what was learned by heart.',
            alike=alike,
            have=have,
        )
    if prepared.dealt.apart == 'mixed' and prepared.near > prepared.alike:
        return say(
            'near.mixed',
            '**Rows that are nearly alike could not be held apart.** {near} of {rows} {are} so near an earlier one '
            'that both are taken for one thing seen twice; kept whole, things would leave splits far from their '
            'shares or without some class. The score speaks for things like these, not for new ones.',
            near=Count(prepared.near, 'row'),
            rows=len(prepared.table),
            are='is' if prepared.near == 1 else 'are',
        )
    if prepared.dealt.apart == 'mixed':
        return say(
            'equal.mixed',
            '**Rows with equal features could not be held apart.** {alike} of {rows} {have} the same features as an '
            'earlier one: kept whole they would leave splits far from their shares, without some class or with too '
            'few combinations to judge by. The split is row by row; the score speaks for combinations like these, '
            'not for new ones.',
            alike=alike,
            rows=len(prepared.table),
            have=have,
        )
    if prepared.alike:
        return say(
            'equal.given',
            '{alike} {have} the same features as an earlier one; the split does not hold such rows apart.',
            alike=alike,
            have=have,
        )
    return say('equal.none', 'No two of the rows that go on have the same features.')


def _done(prepared: Prepared) -> Iterator[Sentence]:
    yield from _rows(prepared)
    dropped = list(prepared.choices['drop'].items())
    for name, reason in dropped[:_MOST_NAMED]:
        yield say('column.dropped', '{name} was dropped: {why}.', name=Name(name), why=Because(reason))
    if len(dropped) > _MOST_NAMED:
        more = Count(len(dropped) - _MOST_NAMED, 'column')
        yield say(
            'columns.dropped.more', '{more} more, with their reasons, are in `metadata.json`.', more=more
        )
    yield from _how_columns_become_numbers(prepared)
    yield say(
        'splits.untransformed',
        'The parquet files hold typed, *untransformed* values; the pipeline in `prep_pipeline.pkl` was fitted on '
        'train only.',
    )


def _rows(prepared: Prepared) -> Iterator[Sentence]:
    """Every row of the file that does not go on, with its reason."""
    left_out = prepared.left_out
    if not left_out['missing_target']:
        yield say('rows.all_answered', 'Every row has a value of the target.')
    for reason, count in left_out.items():
        if count:
            yield say(
                f'rows.{reason}',
                'Left out {why}: {rows}.',
                why=_ROWS_LEFT_OUT[reason],
                rows=Count(count, 'row'),
            )
    for why, count in rows_of_no_data(prepared.plan.file).items():
        yield say('rows.no_data', 'Left out as {why}: {rows}.', why=why, rows=Count(count, 'row'))
    if not left_out['duplicates'] and prepared.repeats:
        yield say(
            'rows.repeats_kept',
            'Exact repeats kept: {rows}; with few possible values repeats are to be expected.',
            rows=Count(prepared.repeats, 'row'),
        )


def _how_columns_become_numbers(prepared: Prepared) -> Iterator[Sentence]:
    otherwise = _decided_otherwise(prepared)
    kinds = {name: prepared.plan.column(name).kind for name in prepared.features if name not in otherwise}
    encoded = [name for name in prepared.target_encoded if name not in otherwise]
    numeric = [name for name in kinds if prepared.column_types[name] == 'number']
    labelled = [name for name, kind in kinds.items() if kind in _LABELS and name not in encoded]
    ordered = [name for name, kind in kinds.items() if kind == 'ordinal']
    if numeric:
        yield say(
            'columns.numbers',
            'Numbers ({count}): gaps take the median of the training rows, and where there are some a column of its '
            'own says where; then scaling to mean 0 and standard deviation 1.',
            count=len(numeric),
        )
    if labelled:
        yield say(
            'columns.labels',
            'Labels ({count}): a column for each common value; rare values, and any never seen, share one; a gap is '
            'a value of its own.',
            count=len(labelled),
        )
    if ordered:
        yield say(
            'columns.ordered',
            'Ordered labels ({count}): one number, the place in their order; a gap takes the median.',
            count=len(ordered),
        )
    if encoded:
        yield say(
            'columns.encoded',
            '{names}: so many values that each is replaced by a smoothed mean of the target, cross-fitted inside '
            'training, and by how common it is.',
            names=Names(encoded),
        )
    for kind, (title, made) in _MADE_OF.items():
        names = [name for name, one in kinds.items() if one == kind and name not in encoded]
        if names:
            yield say(
                f'columns.{kind}', '{title} ({names}): {made}.', title=title, names=Names(names), made=made
            )
    for name, way in otherwise.items():
        yield say(
            'columns.decided', '{name}, as was decided: {made}.', name=Name(name), made=CHANGES[way], way=way
        )


def _decided_otherwise(prepared: Prepared) -> dict[str, Way]:
    """Columns that become features otherwise than their training values suggest."""
    train, plan = prepared.splits['train'], prepared.plan
    ways: dict[str, Way] = prepared.choices.get('features', {})
    return {name: way for name, way in ways.items() if way != usual_way(plan.column(name).kind, train[name])}


def _uncertain(prepared: Prepared) -> Iterator[Sentence]:
    train, test = prepared.splits['train'], prepared.splits['test']
    if prepared.is_classes:
        yield say(
            'test.size',
            '{rows}: one row more or less right moves accuracy by {points} points.',
            rows=Count(len(test), 'test row'),
            points=float(f'{100 / len(test):.2g}'),
        )
    else:
        rows = Count(len(test), 'test row')
        yield say(
            'test.size', '{rows}: the few with the largest errors weigh most in a squared error.', rows=rows
        )
    for warning in prepared.measured.target.warnings:
        yield say('uncertain.measured', '{said}', said=warning)
    for name in prepared.target_encoded:
        yield say(
            'encoded.seen',
            '{name} has {values} values in train, and {seen} of the test rows have one of them: the score speaks for '
            'values that were seen.',
            name=Name(name),
            values=int(train[name].nunique()),
            seen=Percent(float(test[name].isin(train[name]).mean()), 0),
        )
