"""What leaks are looked for in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...plan import TablePlan
from ..findings import TargetFinding
from ..quick import numbers
from ..trials import Answer

#: fewer rows than these show nothing
FEWEST_ROWS = 25


@dataclass(frozen=True)
class Evidence:
    """What leaks are looked for in: rows in the order of their content, the target known in all of them."""

    plan: TablePlan
    frame: pd.DataFrame
    target: TargetFinding
    answer: Answer
    #: quick features of each column
    blocks: dict[str, pd.DataFrame]
    #: what each row belongs to where all rows of a thing have one answer
    subjects: np.ndarray | None = None

    @property
    def figures(self) -> pd.Series:
        """The target as numbers; NaN for labels that are none."""
        return numbers(self.frame[self.target.name])
