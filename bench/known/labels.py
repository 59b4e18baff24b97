"""What a person says of the tables: labels/PACKAGE.toml, written before our code first saw them.

    [[table]]
    name = 'affairs'
    file = 'package/data/affairs.csv'     # below the environment's packages; or call = 'module:function'
    targets = ['affairs']                 # the first is what a colleague would predict; all of them will do
    problem = ['zero_inflated', 'count']  # meanings that are right of the first target
    split = ['random']                    # or 'grouped by shop', 'forward by month+year, grouped by shop'
    [table.kinds]
    'integer|count' = ['age', 'children'] # the kinds that are right, and the columns that are of one of them
    'codes' = ['region', 'zone *']        # numbers that name things: a category, or numbers with their levels listed

A column without a name of its own is called by its place: '#1' is the first. `*` stands for any end of a name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

#: what a label says in one word, as the kinds of a plan
_WORDS = {
    'codes': ('category', 'code', 'ordinal', 'boolean', 'levels'),
    'steps': ('ordinal', 'integer', 'count', 'levels'),
    'whole': ('integer', 'count', 'money', 'percent'),
    'measure': ('number', 'money', 'percent', 'count', 'integer'),
}


@dataclass(frozen=True)
class Label:
    """Of one table."""

    name: str
    package: str
    #: below the packages of the environment; empty for a table that a function gives
    file: str
    #: `module:function`
    call: str
    targets: tuple[str, ...]
    problem: tuple[str, ...]
    split: tuple[str, ...]
    #: the kinds that are right, by column
    kinds: Mapping[str, tuple[str, ...]]

    def among(self, names: Sequence[str]) -> Label:
        """With the columns' names as a plan has them. ValueError where the two differ."""
        shown = {f'#{at}': name for at, name in enumerate(names, start=1)}
        found = {name: self._kinds_of(name, f'#{at}') for at, name in enumerate(names, start=1)}
        strange = [name for name in self.targets if shown.get(name, name) not in found]
        missing = [name for name, kinds in found.items() if not kinds]
        if strange or missing:
            raise ValueError(
                f'{self.package}, {self.name}: not labelled {missing}, not in the table {strange}.'
            )
        return replace(
            self,
            targets=tuple(shown.get(name, name) for name in self.targets),
            split=tuple(_spelled(split, shown) for split in self.split),
            kinds=found,
        )

    def _kinds_of(self, name: str, place: str) -> tuple[str, ...]:
        if place in self.kinds or name in self.kinds:
            return self.kinds.get(place, self.kinds.get(name, ()))
        starts = [start for start in self.kinds if start.endswith('*') and name.startswith(start[:-1])]
        return self.kinds[max(starts, key=len)] if starts else ()


def labels_in(folder: Path) -> list[Label]:
    """All of a folder. ValueError where one cannot be meant so."""
    found = [label for file in sorted(folder.glob('*.toml')) for label in _of_package(file)]
    if not found:
        raise ValueError(f'{folder} holds no labels (PACKAGE.toml with [[table]]).')
    return found


def _of_package(file: Path) -> list[Label]:
    given = tomllib.loads(file.read_text('utf-8'))
    return [_label(file.stem, table) for table in given['table']]


def _label(package: str, table: Mapping[str, object]) -> Label:
    held: dict[str, tuple[str, ...]] = {}
    kinds = table['kinds']
    assert isinstance(kinds, dict)
    for words, names in kinds.items():
        right = tuple(kind for word in words.split('|') for kind in _WORDS.get(word, (word,)))
        for name in names:
            if name in held:
                raise ValueError(f'{package}, {table["name"]}: [{name}] is labelled twice.')
            held[name] = right
    return Label(
        name=str(table['name']),
        package=package,
        file=str(table.get('file', '')),
        call=str(table.get('call', '')),
        targets=_texts(table['targets']),
        problem=_texts(table['problem']),
        split=_texts(table['split']),
        kinds=held,
    )


def _spelled(split: str, shown: Mapping[str, str]) -> str:
    return re.sub(r'#\d+', lambda found: shown.get(found[0], found[0]), split)


def _texts(given: object) -> tuple[str, ...]:
    assert isinstance(given, list)
    return tuple(str(one) for one in given)
