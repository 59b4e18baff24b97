"""Every sentence of the preparation’s report, computed again."""

from __future__ import annotations

import joblib
import pandas as pd

from .known import Known
from .stage_checks import Check, Facts, forward, grouped, quoted, share, true


def equal_rows(known: Known, facts: Facts) -> Facts:
    alike = int(known.on[known.prep['feature_columns']].astype(str).duplicated().sum())
    expected: Facts = {'alike': alike}
    if known.prep['split']['equal_rows'] == 'mixed':
        expected['rows'] = len(known.on)
    if known.prep['split']['equal_rows'] == 'apart':
        keys = [
            set(map(tuple, part[known.prep['feature_columns']].astype(str).to_numpy()))
            for part in known.splits.values()
        ]
        assert not (keys[0] & keys[1] or keys[0] & keys[2] or keys[1] & keys[2])
    return expected


def seen_twice(known: Known, facts: Facts) -> Facts:
    """Rows 0 and 1, 2 and 3 … are one thing each: it stands on one side."""
    things = known.on['__source_row'] // 2
    sides = pd.concat([pd.Series(name, index=part.index) for name, part in known.splits.items()])
    assert sides.reset_index(drop=True).groupby(things.reset_index(drop=True)).nunique().max() == 1
    return {'near': int(things.duplicated().sum())}


def no_equal_rows(known: Known, facts: Facts) -> Facts:
    return true(not known.on[known.prep['feature_columns']].astype(str).duplicated().any())


def repeats_left(known: Known, facts: Facts) -> Facts:
    columns = [*known.prep['feature_columns'], known.target]
    return {'rows': int(known.table[columns].astype(str).duplicated().sum())}


LABELS = ('category', 'code', 'boolean', 'identifier')
CHECKS: dict[tuple[str, str], Check] = {
    ('prep', 'rows.on'): lambda k, f: {
        'came': len(k.session.table.read_text().strip().split('\n')) - k.plan['file'].get('has_header', True),
        'on': len(k.on),
        **{name: len(rows) for name, rows in k.splits.items()},
    },
    ('prep', 'cells.missing'): lambda k, f: {'cells': share(k.table.isna().sum().sum(), k.table.size)},
    ('prep', 'cells.missing.none'): lambda k, f: true(k.table.notna().all(axis=None)),
    ('prep', 'columns.used'): lambda k, f: {
        'columns': len(k.splits['train'].columns) - 2,
        'numbers': joblib.load(k.session.folder / 'prep/data/prep_pipeline.pkl')
        .transform(k.splits['test'])
        .shape[1],
    },
    ('prep', 'split.group'): grouped,
    ('prep', 'split.time'): forward,
    ('prep', 'split.random'): lambda k, f: true(not k.on['__source_row'].duplicated().any()),
    ('prep', 'equal.none'): no_equal_rows,
    ('prep', 'equal.apart'): equal_rows,
    ('prep', 'equal.mixed'): equal_rows,
    ('prep', 'near.apart'): seen_twice,
    ('prep', 'equal.given'): equal_rows,
    ('prep', 'confirm'): quoted,
    ('prep', 'confirm.none'): lambda k, f: true(not k.questions),
    ('prep', 'confirm.count'): lambda k, f: {'count': len(k.questions)},
    ('prep', 'rows.all_answered'): lambda k, f: true(k.answer.notna().all()),
    ('prep', 'rows.missing_target'): lambda k, f: {'rows': int(k.answer.isna().sum())},
    ('prep', 'rows.duplicates'): lambda k, f: {'rows': int(k.table.astype(str).duplicated().sum())},
    ('prep', 'rows.censored'): lambda k, f: {'rows': len(k.answer) - len(k.ended)},
    ('prep', 'rows.no_data'): lambda k, f: {'rows': 1, 'why': 'totals'},
    ('prep', 'rows.repeats_kept'): repeats_left,
    ('prep', 'uncertain.measured'): quoted,
    ('prep', 'column.dropped'): lambda k, f: true(f['name'] not in k.splits['train']) | quoted(k, f),
    ('prep', 'columns.numbers'): lambda k, f: {
        'count': sum(kind == 'number' for kind in k.prep['column_types'].values())
    },
    ('prep', 'columns.labels'): lambda k, f: {
        'count': sum(k.column(name)['kind'] in LABELS for name in k.prep['feature_columns'])
    },
    ('prep', 'columns.ordered'): lambda k, f: {
        'count': sum(k.column(name)['kind'] == 'ordinal' for name in k.prep['feature_columns'])
    },
    ('prep', 'columns.decided'): lambda k, f: {'way': k.prep['features'][f['name']]},
    ('prep', 'columns.date'): lambda k, f: true(all(k.column(name)['kind'] == 'date' for name in f['names'])),
    ('prep', 'test.size'): lambda k, f: (
        {'rows': len(k.truth)} | ({'points': float(f'{100 / len(k.truth):.2g}')} if 'points' in f else {})
    ),
}
