"""Every sentence of the training’s report, computed again."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.metrics import mean_squared_error, r2_score

from tempera.learning.belonging import belonging_of
from tempera.learning.fingerprints import LENGTH
from tempera.learning.intervals import MOST_UNITS

from .known import Known
from .sessions import inside
from .stage_checks import Check, Facts, quoted, true


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
    # by which other sessions are compared with this one, fold by fold
    assert len(known.train['cv']['fingerprint']) == LENGTH
    rows = known.train['rows']['train'] + known.train['rows']['val']
    assert 0 < known.train['cv']['learned_rows'] + known.train['cv']['judged_rows'] <= rows
    return {'mean': scores.mean(), 'sd': scores.std(ddof=1), 'folds': len(scores)}


def uses(known: Known, facts: Facts) -> Facts:
    clear = [one['feature'] for one in known.train['importance'] if one['mean'] > max(0, 2 * one['sd'])]
    return {'names': clear}


def uses_none(known: Known, facts: Facts) -> Facts:
    return true(all(one['mean'] <= max(0, 2 * one['sd']) for one in known.train['importance']))


def right(known: Known, facts: Facts) -> Facts:
    return {'right': int((known.truth.to_numpy() == known.found).sum()), 'rows': len(known.truth)}


def none_wrong(known: Known, facts: Facts) -> Facts:
    """So often a row is wrong that as many right ones in a row come once in twenty."""
    return {
        'wrong': int((known.truth.to_numpy() != known.found).sum()),
        'share': 1 - 0.05 ** (1 / len(known.truth)),
        'level': 95,
    }


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


def error_of(known: Known, errors: pd.Series, facts: Facts) -> float:
    """Over rows, or where they err together, over what is left without each unit in turn."""
    with inside(known.session.folder):
        units = belonging_of(known.session.split('test'), known.prep).units
    if units is None:
        return float(errors.std() / np.sqrt(len(errors)))
    keys = np.unique(units.of_rows)
    without = [errors[units.of_rows != key].mean() for key in keys]
    alone = float(np.sqrt((len(keys) - 1) * np.var(without)))
    if units.in_time or len(keys) > MOST_UNITS:
        # neighbours' likeness is added, or units are bundled: no less than alone
        assert facts['error'] > 0.7 * alone
        return float(facts['error'])
    return alone


def bias(known: Known, facts: Facts) -> Facts:
    errors = known.truth - known.found
    error = error_of(known, errors, facts)
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


CHECKS: dict[tuple[str, str], Check] = {
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
    ('train', 'beware.scarce'): lambda k, f: {'rows': int((k.truth.astype(str) == f['label']).sum())},
    ('train', 'uncertain.measured'): quoted,
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
    ('train', 'threshold'): lambda k, f: {
        'label': k.train['threshold']['class'],
        'probability': k.train['threshold']['probability'],
    },
    ('train', 'thresholds'): lambda k, f: {'rare': k.answer.value_counts().index[-1]},
    ('train', 'uncertain.rows'): lambda k, f: {'rows': len(k.truth)},
    ('train', 'uncertain.outside'): lambda k, f: true(not k.interval['inside']),
    ('train', 'uncertain.mixed'): lambda k, f: true(k.prep['split']['equal_rows'] == 'mixed'),
}
