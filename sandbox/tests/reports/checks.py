"""Every sentence of the reports, computed again: by pandas alone from the uploaded file, the splits and the model.

A check takes what is known of a session and the sentence's facts, and gives those facts as they must be. Sentences that
state nothing of the table are named in ADVICE.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

import joblib
import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, mean_squared_error, r2_score

from .sessions import Session

Facts = dict[str, Any]
Check = Callable[['Known', Facts], Facts]


class Known:
    """A session with its table as pandas reads it."""

    def __init__(self, session: Session, target: str, reading: dict[str, Any]) -> None:
        self.session, self.target = session, target
        self.raw = pd.read_csv(session.table, **({'keep_default_na': True} | reading))
        self.raw.columns = [
            f'column_{at}' if str(name).startswith('Unnamed') else str(name).removesuffix('.1')
            for at, name in enumerate(self.raw.columns, 1)
        ]

    @cached_property
    def table(self) -> pd.DataFrame:
        """With codes for no value as gaps."""
        return self.raw.replace(-999, np.nan)

    @property
    def features(self) -> pd.DataFrame:
        return self.table.drop(columns=self.target)

    @property
    def answer(self) -> pd.Series:
        return self.table[self.target]

    @cached_property
    def measured(self) -> Any:
        return self.session.json('eda/data/measured.json')

    @cached_property
    def plan(self) -> Any:
        return self.session.json('eda/data/plan.json')

    @cached_property
    def relations(self) -> Any:
        return self.session.json('eda/data/relations.json')

    @cached_property
    def prep(self) -> Any:
        return self.session.json('prep/data/metadata.json')

    @cached_property
    def train(self) -> Any:
        return self.session.json('train/data/metadata.json')

    @cached_property
    def compared(self) -> Any:
        return self.session.json('train/data/candidates.json')

    @cached_property
    def splits(self) -> dict[str, pd.DataFrame]:
        return {name: self.session.split(name) for name in ('train', 'val', 'test')}

    @property
    def on(self) -> pd.DataFrame:
        """Rows that go on."""
        return pd.concat(self.splits.values())

    @property
    def truth(self) -> pd.Series:
        return self.splits['test'][self.target]

    @cached_property
    def found(self) -> np.ndarray:
        """What the kept model says of the test."""
        model = joblib.load(self.session.folder / 'train/models/model.pkl')
        return np.asarray(model.predict(self.splits['test']))

    @property
    def metric(self) -> str:
        return str(self.train['primary_metric'])

    def score(self, found: Any) -> float:
        ways = {'accuracy': accuracy_score, 'r2': r2_score}
        return float(ways[self.metric](self.truth, found))

    @property
    def dummy(self) -> float:
        """What naming the commonest class, or the mean, reaches on the test."""
        known = pd.concat([self.splits['train'], self.splits['val']])[self.target]
        naive = known.mean() if self.train['classes'] is None else known.mode().sort_values().iloc[0]
        return self.score([naive] * len(self.truth))

    @property
    def interval(self) -> Any:
        return self.train['prediction_interval']

    @property
    def reached(self) -> Any:
        return self.train['score_interval']

    def column(self, name: str) -> Any:
        return next(column for column in self.plan['columns'] if column['name'] == name)


def share(part: float, whole: int) -> dict[str, int]:
    return {'part': int(part), 'whole': whole}


def true(*conditions: Any) -> Facts:
    """Nothing to compare but that all of it is so."""
    assert all(bool(one) for one in conditions)
    return {}


def quoted(known: Known, facts: Facts) -> Facts:
    """A sentence that was made where the finding was: each of its numbers is one that was measured."""
    text = next(value for key, value in facts.items() if key in ('said', 'question', 'how', 'why'))
    plain = re.sub(r'`[^`]*`', '', text)
    allowed = {float(f'{one:.6g}') for one in numbers_in(known.measured) | numbers_in(known.plan)}
    allowed |= {len(known.raw), known.raw.shape[1], *known.raw.nunique()}
    for number in re.findall(r'(?<![\w.])-?\d[\d,]*(?:\.\d+)?', plain):
        value, digits = float(number.replace(',', '')), len(number.partition('.')[2])
        near = 0.5 * 10**-digits + 1e-9
        assert any(abs(one - value) <= near or abs(100 * one - value) <= near for one in allowed), text
    return {}


def numbers_in(data: Any) -> set[float]:
    """Every number of a JSON document, those in its texts too."""
    if isinstance(data, dict):
        return set().union(*map(numbers_in, data.values())) if data else set()
    if isinstance(data, list):
        return set().union(*map(numbers_in, data)) if data else set()
    if isinstance(data, bool) or data is None:
        return set()
    return {float(data)} if isinstance(data, (int, float)) else set()


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
    of = known.answer
    return {'mean': of.mean(), 'sd': of.std(), 'low': of.min(), 'high': of.max(), 'skew': of.skew()}


def signal(known: Known, facts: Facts) -> Facts:
    """The strongest of those that are used, in their order, none of them a guess."""
    out = {known.target, *known.measured['columns']} - set(known.train['feature_columns'])
    scores = {name: one for name, one in known.relations['scores'].items() if name not in out}
    best = sorted((name for name in scores if scores[name] >= 0.005), key=lambda name: (-scores[name], name))[
        :3
    ]
    expected: Facts = {}
    for place, name in enumerate(best):
        expected |= {f'name{place}': name, f'score{place}': scores[name]}
    assert set(facts) == set(expected)
    return expected


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
    of = known.answer
    top = of.nlargest(max(1, len(of) // 100))
    around = ((of - of.mean()) ** 2).sum()
    return {'few': len(top) / len(of), 'part': ((top - of.mean()) ** 2).sum() / around}


def structure(known: Known, facts: Facts) -> Facts:
    return true(not known.measured.get('groups'), not known.measured.get('time'))


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


def grouped(known: Known, facts: Facts) -> Facts:
    of = known.table[facts['by']]
    keys = [set(of.loc[part['__source_row']]) for part in known.splits.values()]
    return true(not (keys[0] & keys[1] or keys[0] & keys[2] or keys[1] & keys[2]))


def forward(known: Known, facts: Facts) -> Facts:
    of = pd.to_datetime(known.table[facts['by']])
    train, val, test = (of.loc[part['__source_row']] for part in known.splits.values())
    return true(train.max() < val.min(), val.max() < test.min())


def kept_repeats(known: Known, facts: Facts) -> Facts:
    columns = [*known.prep['feature_columns'], known.target]
    return {'rows': int(known.table[columns].astype(str).duplicated().sum())}


def score(known: Known, facts: Facts) -> Facts:
    return {
        'score': known.score(known.found),
        'rows': len(known.truth),
        'metric': known.metric,
        'low': known.reached['low'],
        'high': known.reached['high'],
        'level': 95,
    }


def dummy(known: Known, facts: Facts) -> Facts:
    return {'dummy': known.dummy}


def no_better(known: Known, facts: Facts) -> Facts:
    best = next(one for one in known.compared['candidates'] if one['name'] != 'dummy')
    least = next(one for one in known.compared['candidates'] if one['name'] == 'dummy')
    assert best['mean'] - least['mean'] <= best['se']
    return {'dummy': known.dummy, 'best': best['mean'], 'error': best['se'], 'least': least['mean']}


def beaten(known: Known, facts: Facts) -> Facts:
    low, high = known.reached['low'], known.reached['high']
    assert known.score(known.found) > known.dummy and not low <= known.dummy <= high
    return {'dummy': known.dummy}


def close(known: Known, facts: Facts) -> Facts:
    low, high = known.reached['low'], known.reached['high']
    assert known.score(known.found) > known.dummy and low <= known.dummy <= high
    return {'dummy': known.dummy}


def expected_score(known: Known, facts: Facts) -> Facts:
    scores = np.array(known.train['cv']['scores'])
    return {
        'mean': scores.mean(),
        'sd': scores.std(ddof=1),
        'folds': len(scores),
        'low': known.interval['low'],
        'high': known.interval['high'],
        'level': 95,
    }


def folds(known: Known, facts: Facts) -> Facts:
    scores = np.array(known.train['cv']['scores'])
    return {'mean': scores.mean(), 'sd': scores.std(ddof=1), 'folds': len(scores)}


def uses(known: Known, facts: Facts) -> Facts:
    clear = [one['feature'] for one in known.train['importance'] if one['mean'] > max(0, 2 * one['sd'])]
    return {'names': clear}


def uses_none(known: Known, facts: Facts) -> Facts:
    return true(all(one['mean'] <= max(0, 2 * one['sd']) for one in known.train['importance']))


def right(known: Known, facts: Facts) -> Facts:
    return {'right': int((known.truth.to_numpy() == known.found).sum()), 'rows': len(known.truth)}


def none_wrong(known: Known, facts: Facts) -> Facts:
    return {'wrong': int((known.truth.to_numpy() != known.found).sum())}


def confused(known: Known, facts: Facts) -> Facts:
    pairs = pd.crosstab(known.truth.astype(str), pd.Series(known.found, index=known.truth.index).astype(str))
    found = sorted((int(pairs.loc[a, b]) for a in pairs.index for b in pairs.columns if a != b), reverse=True)
    expected: Facts = {f'count{at}': count for at, count in enumerate(found[:3]) if count}
    for at in range(len(expected)):
        assert pairs.loc[facts[f'true{at}'], facts[f'named{at}']] == facts[f'count{at}']
    return expected


def sizes(known: Known, facts: Facts) -> Facts:
    gap = (known.truth - known.found).abs()
    return {'half': gap.median(), 'most': gap.quantile(0.9), 'worst': gap.max()}


def bias(known: Known, facts: Facts) -> Facts:
    errors = known.truth - known.found
    error = errors.std() / np.sqrt(len(errors))
    is_seen = abs(errors.mean()) > 2 * error
    assert is_seen is np.bool_('side' in facts) or bool(is_seen) is ('side' in facts)
    assert 'side' not in facts or facts['side'] == ('low' if errors.mean() > 0 else 'high')
    return {'mean': errors.mean(), 'error': error}


def missed(known: Known, facts: Facts) -> Facts:
    rows = known.truth.astype(str) == facts['label']
    hit = int((rows & (known.found.astype(str) == facts['label'])).sum())
    assert hit < 0.2 * rows.sum()
    return {'right': hit, 'rows': int(rows.sum())}


def negative(known: Known, facts: Facts) -> Facts:
    mean = pd.concat([known.splits['train'], known.splits['val']])[known.target].mean()
    naive = float(np.sqrt(mean_squared_error(known.truth, [mean] * len(known.truth))))
    assert r2_score(known.truth, known.found) <= 0
    return {'ours': float(np.sqrt(mean_squared_error(known.truth, known.found))), 'theirs': naive}


#: what is said in which stage, with how it is so
CHECKS: dict[tuple[str, str], Check] = {
    ('eda', 'file.size'): lambda k, f: {
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
    ('eda', 'repeats.features'): lambda k, f: {'rows': int(k.features.astype(str).duplicated().sum())},
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
    ('eda', 'confirm.none'): lambda k, f: true(not questions(k), not k.plan.get('questions')),
    ('eda', 'confirm.count'): lambda k, f: {'count': len(questions(k)) + len(k.plan.get('questions') or [])},
    ('eda', 'uncertain.measured'): quoted,
    ('eda', 'uncertain.heavy'): heavy_target,
    ('eda', 'uncertain.few'): lambda k, f: {'rows': len(k.raw), 'points': round(100 / np.sqrt(len(k.raw)))},
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
    ('prep', 'confirm.none'): lambda k, f: true(not questions(k)),
    ('prep', 'confirm.count'): lambda k, f: {'count': len(questions(k))},
    ('prep', 'rows.all_answered'): lambda k, f: true(k.answer.notna().all()),
    ('prep', 'rows.missing_target'): lambda k, f: {'rows': int(k.answer.isna().sum())},
    ('prep', 'rows.duplicates'): lambda k, f: {'rows': int(k.table.astype(str).duplicated().sum())},
    ('prep', 'rows.no_data'): lambda k, f: {'lines': 1, 'why': 'total'},
    ('prep', 'rows.repeats_kept'): kept_repeats,
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
    ('prep', 'columns.date'): lambda k, f: true(all(k.column(name)['kind'] == 'date' for name in f['names'])),
    ('prep', 'test.size'): lambda k, f: (
        {'rows': len(k.truth)} | ({'points': round(100 / len(k.truth), 1)} if 'points' in f else {})
    ),
    ('train', 'score'): score,
    ('train', 'dummy.nothing'): no_better,
    ('train', 'dummy.beaten'): beaten,
    ('train', 'dummy.beaten_not'): lambda k, f: true(k.score(k.found) <= k.dummy) | dummy(k, f),
    ('train', 'dummy.close'): close,
    ('train', 'expected'): expected_score,
    ('train', 'uses'): uses,
    ('train', 'uses.none'): uses_none,
    ('train', 'origin'): lambda k, f: {
        'rows': len(k.splits['train']) + len(k.splits['val']),
        'columns': len(k.train['feature_columns']),
    },
    ('train', 'beware.missed'): missed,
    ('train', 'beware.few'): lambda k, f: {'rows': len(k.truth)},
    ('train', 'beware.r2'): negative,
    ('train', 'compared.rows'): lambda k, f: {'rows': len(k.splits['train']) + len(k.splits['val'])},
    ('train', 'compared.metric'): lambda k, f: {'metric': k.metric},
    ('train', 'chosen'): lambda k, f: {'title': k.train['model']['title']},
    ('train', 'chosen.again'): folds,
    ('train', 'chosen.forward'): folds,
    ('train', 'errors.right'): right,
    ('train', 'errors.none'): none_wrong,
    ('train', 'errors.confused'): confused,
    ('train', 'errors.sizes'): sizes,
    ('train', 'errors.unbiased'): bias,
    ('train', 'errors.biased'): bias,
    ('train', 'thresholds'): lambda k, f: {'rare': k.answer.value_counts().index[-1]},
    ('train', 'uncertain.rows'): lambda k, f: {'rows': len(k.truth)},
    ('train', 'uncertain.outside'): lambda k, f: true(not k.interval['inside']),
    ('train', 'uncertain.mixed'): lambda k, f: true(k.prep['split']['equal_rows'] == 'mixed'),
}
LABELS = ('category', 'code', 'boolean', 'identifier')
#: definitions and advice: they state nothing of the table
ADVICE = {
    'signal.scale',
    'uncertain.correlated',
    'uncertain.sampling',
    'splits.untransformed',
    'next.prepare',
    'next.compare',
    'next.ask',
    'next.train',
    'next.test',
    'next.later',
    'next.errors',
    'next.more',
}


def questions(known: Known) -> list[Any]:
    """What is asked about target and split."""
    return [*known.measured['target'].get('questions', []), *known.measured['split'].get('questions', [])]
