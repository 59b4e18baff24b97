"""Learns terms from labelled columns and says which term each column may have, for classification.

Parameters: file (JSON lines of columns, see `members.columns`), first? and count? (of the columns, which are answered
for; all), members? (of svm and catboost; both), seed?. Nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from . import Context, ToolError, limits
from .members.boosted_trees import BoostedTrees, learnable
from .members.columns import Column, batches, chosen, read_columns
from .members.shares import strongest
from .members.support_vectors import SupportVectors
from .members.vectors import Vectors
from .workspace_paths import resolve

MEMBERS = ('svm', 'catboost')
_BATCH = 1_000


def run(params: dict[str, Any], context: Context) -> dict[str, Any]:
    """The tool: {codes, labelled, learned, members: {svm: {columns}, catboost: {columns, variance}}, left_out}.

    A column is a list of [number of a code, probability]; what is missing to 1 is not known. Raises ToolError
    INVALID_ARGUMENT, INVALID_PATH or NOT_FOUND.
    """
    name = limits.text(params, 'file')
    in_dataset = (context.datasets / name).is_file()
    path = resolve(name, Context(context.datasets, context.datasets) if in_dataset else context)
    seed = limits.whole_number(params, 'seed', 0, 0, 2**31 - 1)
    first = limits.whole_number(params, 'first', 0, 0, 1 << 40)
    count = limits.whole_number(params, 'count', limits.MAX_ANSWERED_COLUMNS, 1, limits.MAX_ANSWERED_COLUMNS)
    members = _members(params)
    learned, labelled = chosen(read_columns(path), seed)
    codes = sorted({column.label for column in learned if column.label is not None})
    answer: dict[str, Any] = {'codes': codes, 'labelled': labelled, 'learned': len(learned), 'members': {}}
    if len(codes) < 2:
        return {**answer, 'left_out': [f'{len(codes)} of the terms have a labelled column; two are needed.']}
    columns = islice(read_columns(path), first, first + count)
    answer['members'] = Learned(learned, codes, members, seed).answers(columns)
    return {**answer, 'left_out': _left_out(answer, members)}


def _left_out(answer: dict[str, Any], members: tuple[str, ...]) -> list[str]:
    more = answer['labelled'] - answer['learned']
    sentences = [f'{more:,} labelled columns were not learned from (MAX_LEARNED_COLUMNS).'] if more else []
    if 'catboost' in members and 'catboost' not in answer['members']:
        sentences.append('No two terms have the three labelled columns that catboost needs.')
    return sentences


def _members(params: dict[str, Any]) -> tuple[str, ...]:
    names = params.get('members', list(MEMBERS))
    if not isinstance(names, list) or not names or any(name not in MEMBERS for name in names):
        raise ToolError('INVALID_ARGUMENT', f'members must be a list of {" and ".join(MEMBERS)}.')
    return tuple(member for member in MEMBERS if member in names)


class Learned:
    """The members, after they have learned."""

    def __init__(self, columns: list[Column], codes: list[str], members: tuple[str, ...], seed: int) -> None:
        numbers = {code: number for number, code in enumerate(codes)}
        labels = np.array([numbers[column.label or ''] for column in columns])
        weights = np.array([column.weight for column in columns])
        self._vectors = Vectors(seed)
        sparse = self._vectors.learn(columns)
        self._lines = SupportVectors(sparse, labels, weights, seed) if 'svm' in members else None
        self._trees = None
        if 'catboost' in members and len(np.unique(labels[learnable(labels)])) > 1:
            dense = self._vectors.dense(columns, sparse)
            self._trees = BoostedTrees(dense, labels, weights, seed)

    def answers(self, columns: Iterator[Column]) -> dict[str, dict[str, list[Any]]]:
        """Of all columns, a batch at a time."""
        svm: dict[str, list[Any]] = {'columns': []}
        trees: dict[str, list[Any]] = {'columns': [], 'variance': []}
        for batch in batches(columns, _BATCH):
            sparse = self._vectors.of(batch)
            if self._lines is not None:
                svm['columns'] += strongest(self._lines.probabilities(sparse), self._lines.terms)
            if self._trees is not None:
                found, variance = self._trees.probabilities(self._vectors.dense(batch, sparse))
                trees['columns'] += strongest(found, self._trees.terms)
                trees['variance'] += [round(float(each), 6) for each in variance]
        spoken = {'svm': svm if self._lines else None, 'catboost': trees if self._trees else None}
        return {name: found for name, found in spoken.items() if found is not None}
