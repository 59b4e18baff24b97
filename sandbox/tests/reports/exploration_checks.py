"""Every sentence of the exploration’s report, computed again."""

from __future__ import annotations

import re

import numpy as np

from .known import Known
from .stage_checks import Check, Facts, forward, grouped, quoted, share, true


def worst(known: Known, facts: Facts) -> Facts:
    gaps = known.table.isna().sum()
    assert gaps[facts['worst']] == gaps.max()
    return {'cells': share(gaps.sum(), known.table.size), 'rows': share(gaps.max(), len(known.table))}


def classes(known: Known, facts: Facts) -> Facts:
    counts, rows = known.answer.value_counts(), int(known.answer.notna().sum())
    assert counts[facts['first']] == counts.max() and counts[facts['last']] == counts.min()
    return {
        'classes': len(counts),
        'most': share(counts.max(), rows),
        'least': share(counts.min(), rows),
    }


def even(known: Known, facts: Facts) -> Facts:
    counts = known.answer.value_counts()
    return {'times': counts.max() / counts.min()}


def spread(known: Known, facts: Facts) -> Facts:
    of = known.ended
    return {'mean': of.mean(), 'sd': of.std(), 'low': of.min(), 'high': of.max(), 'skew': of.skew()}


def signal(known: Known, facts: Facts) -> Facts:
    """The strongest of those that are used, in their order, none of them a guess."""
    out = {known.target, *known.measured['columns']} - set(known.train['feature_columns'])
    scores = {name: one for name, one in known.relations['scores'].items() if name not in out}
    best = sorted((name for name in scores if scores[name] >= 0.005), key=lambda name: (-scores[name], name))[
        :3
    ]
    expected = apart(known)
    for place, name in enumerate(best):
        expected |= {f'name{place}': name, f'score{place}': scores[name]}
    assert set(facts) == set(expected)
    return expected


def apart(known: Known) -> Facts:
    """What rows are held apart by when columns are judged one by one."""
    split = known.measured['split']
    if split['strategy'].startswith('forward'):
        return {'by': split['by']}
    return {'group': split['group']} if split.get('group') else {}


def no_signal(known: Known, facts: Facts) -> Facts:
    used = known.train['feature_columns']
    return true(max(known.relations['scores'][name] for name in used) < 0.005)


def heavy(known: Known, facts: Facts) -> Facts:
    numeric = known.table.select_dtypes('number')
    skewed = [name for name in numeric if numeric[name].nunique() > 20 and abs(numeric[name].skew()) > 3]
    return {'names': skewed, 'skew': 3}


def twins(known: Known, facts: Facts) -> Facts:
    ranks = known.table[[facts['first'], facts['second']]].rank()
    return {'size': abs(ranks.corr().iloc[0, 1])}


def given_away(known: Known, facts: Facts) -> Facts:
    """One column, whose values each go with one answer."""
    for name in facts.get('names', [facts.get('name')]):
        assert known.table.groupby(name)[known.target].nunique().max() == 1, name
    return {}


def no_leaks(known: Known, facts: Facts) -> Facts:
    """No column that is used tells the answer in all rows by itself, values that many rows have."""
    for name in known.train['feature_columns']:
        many = known.table[name].groupby(known.table[name]).transform('size') >= 5
        rows = known.table[many & known.answer.notna()]
        if len(rows) > len(known.table) / 2:
            assert rows.groupby(name)[known.target].nunique().max() > 1, name
    return used(known, facts)


def used(known: Known, facts: Facts) -> Facts:
    count = len(known.prep['feature_columns'])
    return {'used': f'{count} {"column is" if count == 1 else "columns are"}'}


def contradicting(known: Known, facts: Facts) -> Facts:
    keys = known.features.astype(str).agg('\x00'.join, axis=1)
    several = known.answer.groupby(keys).transform('nunique') > 1
    return {'rows': int((several & keys.duplicated(keep=False)).sum())}


def kinds(known: Known, facts: Facts) -> Facts:
    counted = sum(int(count) for count in re.findall(r'(\d+) ×', facts['said']))
    return true(counted == known.raw.shape[1])


def sentinel(known: Known, facts: Facts) -> Facts:
    return {'rows': share((known.raw[facts['name']].astype(str) == facts['token']).sum(), len(known.raw))}


def heavy_target(known: Known, facts: Facts) -> Facts:
    of = known.ended
    top = of.nlargest(max(1, len(of) // 100))
    around = ((of - of.mean()) ** 2).sum()
    return {'few': len(top) / len(of), 'part': ((top - of.mean()) ** 2).sum() / around}


def structure(known: Known, facts: Facts) -> Facts:
    return true(not known.measured.get('groups'), not known.measured.get('time'))


CHECKS: dict[tuple[str, str], Check] = {
    ('eda', 'file.size'): lambda k, f: {
        'left': len(k.session.table.read_text().split('\n')) - 2 - len(k.raw)
        if k.session.table.name == 'rents.csv'
        else 0,
        'rows': len(k.raw),
        'columns': k.raw.shape[1],
        'file': k.session.table.name,
    },
    ('eda', 'file.header.none'): lambda k, f: true(all(name.startswith('column_') for name in k.raw)),
    ('eda', 'file.left_out'): lambda k, f: (
        true('Total' in f['sample'])
        | {
            'count': 1,
            'reason': 'totals',
            'where': f' (line {len(k.session.table.read_text().splitlines())})',
        }
    ),
    ('eda', 'file.renamed'): lambda k, f: {'changed': {'column_5': ''}},
    ('eda', 'columns.kinds'): kinds,
    ('eda', 'columns.heavy'): heavy,
    ('eda', 'columns.twins'): twins,
    ('eda', 'cells.missing'): worst,
    ('eda', 'cells.missing.none'): lambda k, f: true(k.table.notna().all(axis=None)),
    ('eda', 'column.tokens'): lambda k, f: true(
        all(token in k.session.table.read_text().lower() for token in f['tokens']),
        k.table[f['name']].isna().any(),
    ),
    ('eda', 'column.sentinel'): sentinel,
    ('eda', 'rows.repeated'): lambda k, f: {
        'repeats': share(k.raw.astype(str).duplicated().sum(), len(k.raw))
    },
    ('eda', 'rows.repeated.none'): lambda k, f: true(not k.raw.astype(str).duplicated().any()),
    ('eda', 'target'): lambda k, f: {
        'rows': int(k.answer.notna().sum()),
        'ended': int(k.ended.notna().sum()),
        'target': k.target,
        'problem': {2: 'one of two classes', 3: 'one of several classes'}.get(
            k.answer.nunique(), f['problem']
        ),
    },
    ('eda', 'target.classes'): classes,
    ('eda', 'target.even'): lambda k, f: true(even(k, f)['times'] < 3) | even(k, f),
    ('eda', 'target.uneven'): lambda k, f: true(even(k, f)['times'] >= 3) | even(k, f),
    ('eda', 'target.spread'): spread,
    ('eda', 'target.missing'): lambda k, f: {'rows': share(k.answer.isna().sum(), len(k.raw))},
    ('eda', 'signal'): signal,
    ('eda', 'signal.none'): no_signal,
    ('eda', 'expected'): lambda k, f: {'skill': k.measured['expected_skill']},
    ('eda', 'expected.none'): lambda k, f: true(k.measured['expected_skill'] < 0.005),
    ('eda', 'leaks'): lambda k, f: given_away(k, f) | used(k, f),
    ('eda', 'leaks.none'): no_leaks,
    ('eda', 'structure.none'): structure,
    ('eda', 'structure.open'): lambda k, f: structure(k, f) | true(any('year' in name for name in k.table)),
    ('eda', 'repeats.features'): lambda k, f: {
        'rows': int(k.features.astype(str).duplicated().sum()),
        'target': k.target,
    },
    ('eda', 'repeats.contradicting'): contradicting,
    ('eda', 'decided.target'): lambda k, f: {'target': k.target, 'problem': k.prep['problem_type']},
    ('eda', 'decided.metric'): lambda k, f: {'metric': k.metric},
    ('eda', 'decided.leak'): lambda k, f: given_away(k, f) | quoted(k, f),
    ('eda', 'decided.left_out'): lambda k, f: true(f['name'] not in k.prep['feature_columns']) | quoted(k, f),
    ('eda', 'decided.repeats.drop'): lambda k, f: true(k.prep['dropped_rows']['duplicates'] > 0),
    ('eda', 'decided.repeats.keep'): lambda k, f: true(k.prep['dropped_rows']['duplicates'] == 0),
    ('eda', 'decided.split.random'): lambda k, f: {'shares': '70/15/15'},
    ('eda', 'decided.split.group'): lambda k, f: grouped(k, f) | quoted(k, f),
    ('eda', 'decided.split.time'): lambda k, f: forward(k, f) | quoted(k, f),
    ('eda', 'confirm'): quoted,
    ('eda', 'confirm.none'): lambda k, f: true(not k.questions),
    ('eda', 'confirm.count'): lambda k, f: {'count': len(k.questions)},
    ('eda', 'uncertain.measured'): quoted,
    ('eda', 'uncertain.heavy'): heavy_target,
    ('eda', 'uncertain.few'): lambda k, f: {'rows': len(k.raw), 'points': round(100 / np.sqrt(len(k.raw)))},
}
