"""Reads the files of the Pollock benchmark with no parameter given and scores what was read; prints one line of JSON.

    measure.py --from FOLDER [--limit N] [--show FILE]

FOLDER is a copy of the benchmark's repository: `polluted_files/` and `survey_sample/`, each with `csv/`, `clean/` and
`parameters/`, and `pollock_weights.json`. Files that the copy lacks are left out and counted.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from readers import READERS, Shape
from scores import measures_of, simple, weighted

csv.field_size_limit(1 << 30)


def main() -> int:
    """Scores every reader on both sets of files."""
    words = argparse.ArgumentParser()
    words.add_argument('--from', dest='folder', type=Path, required=True)
    words.add_argument('--limit', type=int, default=0)
    words.add_argument('--readers', default=','.join(READERS))
    words.add_argument('--processes', type=int, default=2)
    given = words.parse_args()
    weights = json.loads((given.folder / 'pollock_weights.json').read_text())
    files = _files(given.folder / 'polluted_files', given.limit)
    survey = _files(given.folder / 'survey_sample', 0)
    answer: dict[str, Any] = {'polluted': len(files), 'survey': len(survey), 'readers': {}}
    with ProcessPoolExecutor(given.processes) as pool:
        for name in given.readers.split(','):
            scored = dict(pool.map(_scored, [(name, file) for file in files], chunksize=20))
            matched = dict(pool.map(_matched, [(name, file) for file in survey], chunksize=1))
            answer['readers'][name] = {
                'simple': simple(scored),
                'weighted': weighted(scored, weights),
                'survey': sum(1 for faults in matched.values() if not faults),
                'worst': sorted((round(sum(one.values()), 3), file) for file, one in scored.items())[:40],
                'faults': {file: faults for file, faults in matched.items() if faults},
            }
    print(json.dumps(answer))
    return 0


def _files(folder: Path, limit: int) -> list[Path]:
    found = sorted(path for path in (folder / 'csv').iterdir() if (folder / 'clean' / path.name).exists())
    return found[:: max(1, len(found) // limit)] if limit else found


def _clean(file: Path) -> list[list[str]]:
    with open(file.parent.parent / 'clean' / file.name, encoding='utf-8-sig', newline='') as source:
        return list(csv.reader(source))


def _scored(task: tuple[str, Path]) -> tuple[str, dict[str, float]]:
    name, file = task
    rows, _ = READERS[name](file)
    return file.name, measures_of(_clean(file), rows)


def _matched(task: tuple[str, Path]) -> tuple[str, list[str]]:
    """What of a real file was not read as its clean version has it: nothing, where all was."""
    name, file = task
    _, shape = READERS[name](file)
    if shape is None:
        return file.name, ['refused']
    parameters = json.loads((file.parent.parent / 'parameters' / f'{file.name}_parameters.json').read_text())
    return file.name, _differences(shape, _clean(file), parameters)


def _differences(shape: Shape, clean: list[list[str]], parameters: dict[str, Any]) -> list[str]:
    rows = [row for row in clean if row]
    if not rows:
        return [] if not shape.rows else ['rows']
    has_header = int(parameters.get('header_lines') or 0) > 0
    faults = []
    if (
        shape.delimiter != parameters['delimiter']
        and shape.columns > 1
        and not _is_mislabelled(shape, parameters)
    ):
        faults.append(f'delimiter {shape.delimiter!r} for {parameters["delimiter"]!r}')
    width = max(len(row) for row in rows)
    if shape.columns != width:
        faults.append(f'{shape.columns} columns for {width}')
    if bool(shape.names) != has_header or (has_header and not _same_names(shape.names, rows[0])):
        faults.append(f'names {shape.names[:4]} for {rows[0][:4] if has_header else "none"}')
    # the clean version of a file without names mostly starts with a row of made-up ones
    expected = len(rows) - (0 if not has_header and rows[0] == shape.first else 1)
    if shape.rows != expected:
        faults.append(f'{shape.rows} rows for {expected}')
    return faults


def _is_mislabelled(shape: Shape, parameters: dict[str, Any]) -> bool:
    """Whether the benchmark's own label cannot be: its number of columns is that of the delimiter that was found."""
    return int(parameters.get('n_columns') or 0) == shape.columns


def _same_names(names: list[str], expected: list[str]) -> bool:
    held = [_folded(name) for name in names]
    clean = [_folded(name) for name in expected]
    # R writes no name above the names of rows; a delimiter at the end names nothing
    return held == clean or held[1:] == clean or held[: len(clean)] == clean or held == clean[: len(held)]


def _folded(name: str) -> str:
    """Without what the clean versions changed at will: blanks, controls, a comment's mark, `"` written as two `'`."""
    name = ''.join(letter for letter in name if letter.isprintable() or letter.isspace())
    return ' '.join(name.replace("''", '"').split()).lower().lstrip('# ')


if __name__ == '__main__':
    sys.exit(main())
