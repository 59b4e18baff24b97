"""A tool that streams: the mean of a list of numbers with its 95 % interval, by resampling."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from tempera import Chunk, progress, tool


@tool
def interval_of_mean(values: list[float], rounds: int = 1000) -> Iterator[Any]:
    """Resamples `values` and reports every tenth of the rounds; the final chunk holds mean, low and high."""
    if not values or rounds < 10:
        raise ValueError('give at least one value and ten rounds')
    numbers, means = np.array(values), []
    for done in range(1, rounds + 1):
        means.append(np.random.choice(numbers, len(numbers)).mean())
        if done % (rounds // 10) == 0:
            yield progress(done, rounds, f'mean so far {np.mean(means):.2f}')
    low, high = np.quantile(means, [0.025, 0.975])
    yield Chunk({'mean': float(numbers.mean()), 'low': float(low), 'high': float(high)}, final=True)
