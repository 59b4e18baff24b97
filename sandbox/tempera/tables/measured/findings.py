"""What `measure` says: data, as a plan is. Each finding carries its numbers; what is chosen bears the ledger's key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..plan import Question, Scalar
from ..record import from_json, to_json

Problem = Literal['binary', 'multiclass', 'regression']
Meaning = Literal[
    'binary',
    'classes',
    'ordinal',
    'count',
    'number',
    'heavy_tailed',
    'zero_inflated',
    'several_labels',
    'censored',
]
Strategy = Literal['random', 'stratified', 'grouped', 'forward', 'forward_grouped']
LeakKind = Literal['alone', 'missing', 'combination', 'by_category', 'order', 'afterwards', 'copy', 'bound']
Use = Literal['input', 'target', 'left_out', 'group', 'time', 'weight']


@dataclass(frozen=True)
class TargetCandidate:
    """A column that may be what is to be predicted. `points` only order the candidates."""

    name: str
    points: float
    #: each completes "because …"
    because: tuple[str, ...]


@dataclass(frozen=True)
class TargetFinding:
    """What predicting this column means."""

    name: str
    key: str
    problem: Problem
    meaning: Meaning
    because: str
    #: rows without a value of it: they can be neither learned from nor judged on
    rows_without: int = 0
    #: rows of each label, by frequency (at most 50); empty for numbers
    labels: Mapping[str, int] = field(default_factory=dict)
    #: labels seen so rarely that they cannot be learned, with their rows: left out
    too_rare: Mapping[str, int] = field(default_factory=dict)
    #: labels that several spellings were folded into: {label: spellings}
    folded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: the column that says whether a time was observed or only survived; empty where there is none
    event: str = ''
    #: what is to be known before training, a sentence each
    warnings: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Trial:
    """Two ways to cross-validate, or two sets of columns, on the same rows with the same learner."""

    first: str
    second: str
    #: mean skill over the folds: 0 is a guess, 1 is perfect (2·AUC − 1 for classes, R² for numbers)
    first_skill: float
    second_skill: float
    #: standard error of the difference
    error: float
    folds: int
    rows: int

    @property
    def difference(self) -> float:
        """How much better the first is."""
        return self.first_skill - self.second_skill

    @property
    def is_real(self) -> bool:
        """Whether the first is better by more than chance (two standard errors) and by enough to matter."""
        return self.difference > max(2 * self.error, 0.03)


@dataclass(frozen=True)
class GroupFinding:
    """Rows that belong together: of one subject, machine, shop."""

    column: str
    groups: int
    rows_each: float
    #: share of the groups in which the target never changes
    constant_target: float
    trial: Trial | None
    keeps_together: bool
    because: str
    confirm: bool = False


@dataclass(frozen=True)
class TimeFinding:
    """Rows that follow each other in time."""

    #: one column, or a year with its month and day
    columns: tuple[str, ...]
    first: str
    last: str
    moments: int
    rows_each: float
    trial: Trial | None
    orders_rows: bool
    because: str
    confirm: bool = False


@dataclass(frozen=True)
class RepeatFinding:
    """Rows that are alike in the file's own columns."""

    exact: int = 0
    #: rows with the features of another one
    equal_features: int = 0
    #: of them, rows whose target differs
    contradicting: int = 0
    #: rows that are another one but for small differences of numbers, case and blanks
    near: int = 0
    #: of the rows that go on, those that repeat an earlier one in all that is used
    used: int = 0
    #: so few values are possible that as many equal rows are to be expected
    by_chance: bool = False


@dataclass(frozen=True)
class SplitFinding:
    """How rows are dealt to train, val and test."""

    strategy: Strategy
    #: the columns that give the moment, for `forward`
    by: tuple[str, ...] = ()
    #: the column whose values stay on one side, for `grouped`
    group: str = ''
    because: str = ''
    confirm: bool = False
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Leak:
    """Columns that give the target away."""

    columns: tuple[str, ...]
    kind: LeakKind
    because: str
    numbers: Mapping[str, Scalar] = field(default_factory=dict)
    #: the finding is likely and not certain: it is dropped, and the person is asked
    confirm: bool = False

    @property
    def plain(self) -> str:
        """Why, without a value of the table: what may be said where its cells are not shared."""
        return _PLAIN[self.kind]


_PLAIN: Mapping[LeakKind, str] = {
    'alone': 'it tells the target by itself',
    'missing': 'whether it is filled tells the target',
    'combination': 'together with others it makes up the target',
    'by_category': 'within each value of another column it is a fixed function of the target',
    'order': 'it only numbers the rows, and the file is sorted by the target',
    'afterwards': 'it is known only afterwards',
    'copy': 'it is a fixed function of the target',
    'bound': 'the target never passes it and follows it closely',
}


@dataclass(frozen=True)
class ColumnUse:
    """What a column is used as, and the true reason where it is not used."""

    use: Use
    because: str = ''


@dataclass(frozen=True)
class Measured:
    """Everything that was measured of a table for one target."""

    target: TargetFinding
    split: SplitFinding
    groups: tuple[GroupFinding, ...] = ()
    time: tuple[TimeFinding, ...] = ()
    repeats: RepeatFinding = RepeatFinding()
    leaks: tuple[Leak, ...] = ()
    #: columns that are kept although they are nearly too good
    doubted: tuple[Leak, ...] = ()
    #: about columns that are dropped and may be honest, or kept and may not be
    doubts: tuple[Question, ...] = ()
    weights: tuple[str, ...] = ()
    columns: Mapping[str, ColumnUse] = field(default_factory=dict)
    #: skill of a quick learner on what is used, by the split's own way of cross-validating
    expected_skill: float | None = None
    warnings: tuple[str, ...] = ()
    #: cells of work: fits × rows × columns, and the most that was allowed
    work: int = 0
    work_limit: int = 0
    #: what was not tried because the work was spent
    untried: tuple[str, ...] = ()

    @property
    def inputs(self) -> tuple[str, ...]:
        """Columns that models learn from."""
        return tuple(name for name, column in self.columns.items() if column.use in ('input', 'time'))

    @property
    def left_out(self) -> dict[str, str]:
        """Columns that are not used, with the reason."""
        used = ('input', 'time', 'target')
        return {name: column.because for name, column in self.columns.items() if column.use not in used}

    @property
    def questions(self) -> tuple[Question, ...]:
        """What the data cannot settle, of target, split, repeats and columns that are nearly too good."""
        return self.target.questions + self.split.questions + self.doubts

    def to_json(self) -> dict[str, Any]:
        """What `json.dumps` takes."""
        data = to_json(self)
        assert isinstance(data, dict)
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Measured:
        """Of `to_json`."""
        return from_json(cls, data)
