"""Reported scores beside the truth, which is known because the tables are made; prints one line of JSON.

    measure.py --seeds 20 [--fresh 4000] [--only WORLD,WORLD] [--plant]

Each table goes the way that a session goes: it is written as a file, understood, measured, split, candidates are
compared by cross-validation, the chosen one is fitted and tested, with the library's functions and nothing of its own.
The truth is the model's score on fresh rows of the same world. `--plant` deals rows at random and keeps what gives the
target away.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import warnings
import zlib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tempera.learning.belonging import rows_belonging
from tempera.learning.candidates import Task, model_of
from tempera.learning.choosing import Examples, compare, cross_validate
from tempera.learning.folds import Cutting, folds_of
from tempera.learning.intervals import Units, expected_interval, score_interval
from tempera.learning.prepare import (
    SPLITS,
    Learning,
    keep_rows,
    named_strategy,
    preprocessing,
    split_rows,
)
from tempera.learning.scoring import Answers, metrics_of, quick_score
from tempera.learning.source import in_content_order
from tempera.tables import fit, read, understand
from tempera.tables.features import specs_of
from tempera.tables.measured.findings import Measured, SplitFinding
from tempera.tables.measured.measure import measure
from tempera.tables.measured.quick import NUMERIC
from threadpoolctl import threadpool_limits
from worlds import WORLDS, Drawn

#: those of a small table, as a session compares them
CANDIDATES = ('dummy', 'linear', 'kernel', 'extra_trees', 'boosting')
SEED = 42
ROUNDS = 250


@dataclass(frozen=True)
class Sample:
    """One table's score beside its truth. `above`: how much too good it is, errors as shares of the target's spread."""

    world: str
    seed: int
    metric: str
    score: float
    low: float
    high: float
    truth: float
    above: float
    holds: bool
    #: whether the test's score lies where the cross-validation said
    expected_holds: bool
    width: float
    #: width of a bootstrap's interval over the same rows, whole units drawn, and over single rows
    bootstrap: float
    bootstrap_of_rows: float
    strategy: str
    chosen: str
    test_rows: int
    #: leaks that are still used, and honest columns that are not
    missed: tuple[str, ...]
    lost: tuple[str, ...]
    seconds: float


def main() -> int:
    """Every world with every seed."""
    words = argparse.ArgumentParser()
    words.add_argument('--seeds', type=int, default=20)
    words.add_argument('--first', type=int, default=0)
    words.add_argument('--fresh', type=int, default=4000)
    words.add_argument('--repeats', type=int, default=2)
    words.add_argument('--only', default='')
    words.add_argument('--plant', action='store_true')
    given = words.parse_args()
    warnings.simplefilter('ignore')
    names = given.only.split(',') if given.only else list(WORLDS)
    samples: list[Sample] = []
    with threadpool_limits(limits=1), tempfile.TemporaryDirectory() as folder:
        for seed in range(given.first, given.first + given.seeds):
            for name in names:
                rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
                drawn = WORLDS[name](rng, given.fresh)
                sample = judged(name, seed, drawn, Path(folder), given.repeats, given.plant)
                samples.append(sample)
                print(line_of(sample), file=sys.stderr, flush=True)
    print(json.dumps({'samples': [plain(one) for one in samples]}, allow_nan=False))
    return 0


def judged(name: str, seed: int, drawn: Drawn, folder: Path, repeats: int, plant: bool) -> Sample:
    """One table's whole way, from its file to the score and its truth."""
    began = time.perf_counter()
    file, fresh_file = folder / 'table.csv', folder / 'fresh.csv'
    drawn.table.to_csv(file, index=False)
    drawn.fresh.to_csv(fresh_file, index=False)
    plan = understand(file)
    frame = in_content_order(read(file, plan))
    measured = measure(plan, frame, drawn.target)
    if plant:
        measured = dishonest(measured, drawn)
    features = list(measured.inputs)
    continuous = any(plan.column(one).kind in NUMERIC and plan.column(one).distinct > 20 for one in features)
    remaining = keep_rows(frame, measured.target, continuous, [*features, drawn.target])
    learning = Learning(measured.target, features, SEED)
    place, apart = split_rows(plan, remaining.frame, measured.split, learning)
    problem = measured.target.problem
    known, test = remaining.frame[place != 'test'], remaining.frame[place == 'test']
    assert all((place == one).any() for one in SPLITS)
    metadata = split_metadata(measured, features, apart)
    task = Task(problem, drawn.metric, len(known), SEED)
    preparation = preprocessing(specs_of(plan, features), problem, SEED)
    belonging = rows_belonging(plan, remaining.frame, known.index, metadata)
    answer = known[drawn.target]
    cut = folds_of(answer, task.is_classes, Cutting(5, repeats, SEED), belonging)
    folds = cross_validate(CANDIDATES, Examples(known[features], answer, preparation), cut, task)
    chosen = compare(folds, task).within_one_se[0]
    model = model_of(chosen, preparation, task).fit(known[features], answer)
    answers, truth = Answers.of(model, test[features], problem), test[drawn.target]
    units = rows_belonging(plan, remaining.frame, test.index, metadata).units
    score = metrics_of(answers, truth, problem)[drawn.metric]
    interval = score_interval(answers, truth, task, units)
    rarest = float(answer.value_counts(normalize=True).min()) if task.is_classes else 0.0
    expected = expected_interval(folds.scores[chosen], folds.sizes, task, len(test), rarest)
    fresh = read(fresh_file, fit(fresh_file, plan).plan)
    real = true_score(model, fresh, drawn, task, features)
    width = bootstrap_width(answers, truth, task, None)
    spread = float(fresh[drawn.target].astype('float64').std()) if drawn.metric in ('rmse', 'mae') else 1.0
    return Sample(
        world=name,
        seed=seed,
        metric=drawn.metric,
        score=score,
        low=interval.low,
        high=interval.high,
        truth=real,
        above=(real - score if task.lower_is_better else score - real) / spread,
        holds=interval.holds(real),
        expected_holds=expected.holds(score),
        width=interval.high - interval.low,
        bootstrap=width if units is None else bootstrap_width(answers, truth, task, units),
        bootstrap_of_rows=width,
        strategy=' '.join(
            filter(None, (measured.split.strategy, measured.split.group, *measured.split.by, apart or ''))
        ),
        chosen=chosen,
        test_rows=len(test),
        missed=tuple(one for one in drawn.leaks if one in features),
        lost=tuple(
            one
            for one in drawn.table
            if one not in (*features, *drawn.leaks, drawn.target, measured.split.group)
        ),
        seconds=round(time.perf_counter() - began, 2),
    )


def dishonest(measured: Measured, drawn: Drawn) -> Measured:
    """What was found is forgotten: rows are dealt one by one, and what gives the target away is learned from."""
    uses = {
        name: replace(use, use='input') if name in drawn.leaks else use
        for name, use in measured.columns.items()
    }
    usual = SplitFinding('random' if measured.target.problem == 'regression' else 'stratified')
    return replace(measured, split=usual, columns=uses)


def split_metadata(measured: Measured, features: list[str], apart: str | None) -> dict[str, Any]:
    """As `prep/data/metadata.json` says it."""
    split = measured.split
    return {
        'feature_columns': features,
        'target_column': measured.target.name,
        'split': {
            'strategy': named_strategy(split.strategy),
            'by': ', '.join(split.by),
            'group': split.group or None,
            'equal_rows': apart,
        },
    }


def true_score(model: Any, fresh: pd.DataFrame, drawn: Drawn, task: Task, features: list[str]) -> float:
    """On rows that nobody has seen; labels are told as the model tells them."""
    answers = Answers.of(model, fresh[features], task.problem)
    truth = fresh[drawn.target]
    if task.is_classes:
        truth = truth.map(str)
    else:
        truth = truth.astype('float64')
    return metrics_of(answers, truth, task.problem)[task.metric]


def bootstrap_width(answers: Answers, truth: pd.Series, task: Task, units: Units | None) -> float:
    """Between the 2.5 % and 97.5 % quantiles of the score when units are drawn anew with replacement."""
    rng = np.random.default_rng(SEED)
    _, places = np.unique(np.arange(len(truth)) if units is None else units.of_rows, return_inverse=True)
    members = [np.flatnonzero(places == one) for one in range(int(places.max()) + 1)]
    scores = []
    actual = truth.to_numpy()
    for _ in range(ROUNDS):
        rows = np.concatenate([members[one] for one in rng.integers(0, len(members), len(members))])
        scores.append(quick_score(answers.take(rows), actual[rows], task.problem, task.metric))
    known = np.array(scores)[np.isfinite(scores)]
    return (
        float(np.quantile(known, 0.975) - np.quantile(known, 0.025))
        if len(known) > ROUNDS / 4
        else float('nan')
    )


def plain(sample: Sample) -> dict[str, Any]:
    """As JSON has it: without numbers that are none."""
    return {
        name: None if isinstance(value, float) and not np.isfinite(value) else value
        for name, value in asdict(sample).items()
    }


def line_of(sample: Sample) -> str:
    """A line for people who wait."""
    return (
        f'{sample.world} {sample.seed}: {sample.metric} {sample.score:.3f} [{sample.low:.3f}, {sample.high:.3f}] '
        f'truth {sample.truth:.3f} {"" if sample.holds else "NOT HELD "}width {sample.width:.3f} of '
        f'{sample.bootstrap:.3f}; {sample.strategy}; {sample.chosen}; missed {list(sample.missed)}, '
        f'lost {list(sample.lost)}; {sample.seconds} s'
    )


if __name__ == '__main__':
    sys.exit(main())
