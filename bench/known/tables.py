"""Writes the labelled tables as files, as a person would have them; run by the environment that has the packages.

    tables.py --labels FOLDER --to FOLDER

A package's CSV is copied byte for byte. What is stored otherwise (ARFF, Stata, Orange's three heads, a function of the
package) is written as CSV.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import importlib
import io
import sys
import sysconfig
import warnings
import zipfile
from pathlib import Path

import pandas as pd
from labels import Label, labels_in
from scipy.io import arff


def _first_of_zip(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        return held.read(held.namelist()[0])


_UNPACK = {'.gz': gzip.decompress, '.bz2': bz2.decompress, '.zip': _first_of_zip}


def main() -> int:
    """One file a table."""
    words = argparse.ArgumentParser()
    words.add_argument('--labels', type=Path, required=True)
    words.add_argument('--to', type=Path, required=True)
    given = words.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    packages = Path(sysconfig.get_paths()['purelib'])
    for label in labels_in(given.labels):
        (given.to / f'{label.package}.{label.name}.csv').write_bytes(_bytes_of(label, packages))
    return 0


def _bytes_of(label: Label, packages: Path) -> bytes:
    if label.call:
        module, _, function = label.call.partition(':')
        return _csv(getattr(importlib.import_module(module), function)(as_frame=True).frame)
    file = packages / label.file
    data = file.read_bytes()
    if file.suffix in _UNPACK:
        data = _UNPACK[file.suffix](data)
        file = file.with_suffix('')
    if file.suffix == '.arff':
        return _csv(_words(pd.DataFrame(arff.loadarff(io.StringIO(data.decode('utf-8')))[0])))
    if file.suffix == '.dta':
        with warnings.catch_warnings():
            # dates of old files
            warnings.simplefilter('ignore')
            return _csv(pd.read_stata(io.BytesIO(data)))
    if file.suffix == '.parquet':
        return _csv(pd.read_parquet(io.BytesIO(data)))
    if file.suffix == '.tab':
        # Orange writes types and roles on a second and third line
        lines = data.splitlines(keepends=True)
        return b''.join([lines[0], *lines[3:]])
    return data


def _csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False).encode('utf-8')


def _words(frame: pd.DataFrame) -> pd.DataFrame:
    """ARFF's labels as texts; its mark of a gap is none."""
    for name in frame.select_dtypes(include='object').columns:
        frame[name] = frame[name].str.decode('utf-8').replace('?', None)
    return frame


if __name__ == '__main__':
    sys.exit(main())
