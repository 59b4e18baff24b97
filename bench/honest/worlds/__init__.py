"""Worlds that tables are drawn from: what a table holds, and rows of the same world that nobody has seen.

Each world gives a table and fresh rows from one generator: new subjects where rows are of subjects, the time after the
table where rows follow each other. A column that is known only afterwards is empty in fresh rows, as it is in life, so
that a model which needs it is worth nothing there.
"""

from . import alike, following, grouped, leaking, unrelated
from .drawn import WORLDS, Drawn

__all__ = ['WORLDS', 'Drawn', 'alike', 'following', 'grouped', 'leaking', 'unrelated']
