"""How long `understand` takes and what it holds, each table in a new Python.

`--make FOLDER ROWS COLUMNS` writes a table; `--measure FILE TIMES` understands it TIMES times and prints JSON.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path


def make(folder: Path, rows: int, columns: int) -> None:
    """A table as they come: numbers with parts and without, few labels, moments in two forms, keys, quoted texts."""
    import numpy as np
    import pandas as pd

    generator = np.random.default_rng(7)
    places = np.array(['north', 'south', 'east', 'west', 'up and down'])
    made = {}
    for at in range(columns):
        name, kind = f'c{at}', at % 10
        if kind < 4:
            made[name] = generator.normal(size=rows).round(5)
        elif kind < 6:
            made[name] = generator.integers(0, 10_000, rows)
        elif kind < 8:
            made[name] = places[generator.integers(0, 5, rows)]
        elif at % 30 == 8:
            made[name] = [f'K{number:07}' for number in range(rows)]
        elif at % 30 == 18:
            made[name] = pd.date_range('2000-01-01', periods=rows, freq='h').strftime('%d/%m/%Y %H:%M')
        elif at % 30 == 28:
            made[name] = [f'some words number {number}, quoted and long enough' for number in range(rows)]
        else:
            made[name] = pd.date_range('2000-01-01', periods=rows, freq='min').strftime('%Y-%m-%d %H:%M')
    pd.DataFrame(made).to_csv(folder / 'table.csv', index=False)


def measure(file: Path, times: int) -> dict[str, float]:
    """Seconds of the clock and of processors, and the most that was held beside the imports, as a share of the file."""
    from tempera.tables import understand

    small = file.with_name('small.csv')
    small.write_text('a,b\n1,2\n3,4\n')
    understand(small)
    before = _peak()
    start, spent = time.perf_counter(), _processor()
    for _ in range(times):
        plan = understand(file)
    wall, cpu = time.perf_counter() - start, _processor() - spent
    size = file.stat().st_size
    return {
        'wall_s': round(wall, 3),
        'cpu_s': round(cpu, 3),
        'held': round((_peak() - before) / size, 3),
        'mebibytes': round(size / 2**20, 1),
        'rows': plan.file.rows_used,
        'columns': len(plan.columns),
    }


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == '__main__':
    if sys.argv[1] == '--make':
        make(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    else:
        print(json.dumps(measure(Path(sys.argv[2]), int(sys.argv[3])) | {'processors': os.cpu_count()}))
