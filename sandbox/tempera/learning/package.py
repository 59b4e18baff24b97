"""A model to take away: the folder `train/models` holds all that predicts in a new environment.

    pip install -r requirements.txt --find-links .
    python predict.py new-rows.csv predictions.csv

The library that reads tables travels as a wheel of this version, made here from what is imported: an upgrade of the
platform never changes an old model's answers.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd

from ..tables import TablePlan
from ..tables.measured.findings import Measured
from .seen import Seen

NAME = 'tempera_tables_runtime'
#: of the library; a wheel's own version adds a digest of what it holds, so that no two wheels share one
VERSION = '0.5.0'
_EPOCH = (1980, 1, 1, 0, 0, 0)
#: what a wheel holds of the SDK: reading, features, and nothing that talks to a platform
_PACKAGES = ('tables', 'learning')
_NEEDED = (
    'charset-normalizer',
    'duckdb',
    'joblib',
    'lightgbm',
    'numpy',
    'openpyxl',
    'pandas',
    'pyarrow',
    'python-calamine',
    'scikit-learn',
    'scipy',
)

PREDICT = '''"""Predicts the rows of any file that the training table's reader takes.

    python predict.py FILE OUTPUT.csv

FILE may be csv, tsv, xlsx, parquet, json or jsonl, also packed. Its columns are found by name; those that are missing
count as missing values, others are kept as they are. The answers are those of the platform, cell for cell.
"""

import sys
from pathlib import Path

from tempera.learning.predicting import Predictor

if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit('usage: python predict.py FILE OUTPUT.csv')
    predictor = Predictor.load(Path(__file__).parent)
    answer = predictor.predict_file(Path(sys.argv[1]))
    answer.write_csv(Path(sys.argv[2]))
    for line in answer.remarks:
        print(line)
    print(f'{len(answer.table):,} rows predicted, written to {sys.argv[2]}')
'''


def write_package(
    folder: Path, plan: TablePlan, measured: Measured, inputs: list[str], rows: pd.DataFrame | None = None
) -> None:
    """Plan, requirements, wheel and script beside the model in `folder`, and what was seen of each input in the typed
    `rows` that it was fitted on."""
    folder.mkdir(parents=True, exist_ok=True)
    seen = {} if rows is None else {name: Seen.of(plan.column(name), rows[name]).to_json() for name in inputs}
    (folder / 'plan.json').write_text(json.dumps(plan.to_json(), ensure_ascii=False), encoding='utf-8')
    about = {
        'target': measured.target.name,
        'problem': measured.target.problem,
        'inputs': inputs,
        'seen': seen,
    }
    (folder / 'predict.json').write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding='utf-8')
    (folder / 'predict.py').write_text(PREDICT, encoding='utf-8')
    wheel = write_wheel(folder)
    lines = [f'{name}=={version(name)}' for name in _NEEDED if _is_installed(name)]
    own = '=='.join(wheel.name.split('-')[:2])
    (folder / 'requirements.txt').write_text('\n'.join([*lines, own, '']), encoding='utf-8')


def write_wheel(folder: Path) -> Path:
    """The SDK's tables and learning as a wheel; the same bytes for the same sources."""
    root = Path(__file__).resolve().parents[1]
    files = {'tempera/__init__.py': b'"""The part of the SDK that a model needs."""\n'}
    for package in _PACKAGES:
        for source in sorted((root / package).rglob('*.py')):
            files[f'tempera/{source.relative_to(root).as_posix()}'] = source.read_bytes()
    files['tempera/_paths.py'] = (root / '_paths.py').read_bytes()
    own = version_of(files)
    info = f'{NAME}-{own}.dist-info'
    files[f'{info}/METADATA'] = f'Metadata-Version: 2.1\nName: {NAME}\nVersion: {own}\n'.encode()
    files[f'{info}/WHEEL'] = (
        b'Wheel-Version: 1.0\nGenerator: tempera\nRoot-Is-Purelib: true\nTag: py3-none-any\n'
    )
    record = [f'{name},sha256={_digest(content)},{len(content)}' for name, content in files.items()]
    files[f'{info}/RECORD'] = '\n'.join([*record, f'{info}/RECORD,,', '']).encode()
    path = folder / f'{NAME}-{own}-py3-none-any.whl'
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return path


def version_of(files: Mapping[str, bytes]) -> str:
    """A version that only these files have: an environment that holds another wheel's is never taken for right."""
    listed = '\n'.join(f'{name} {_digest(files[name])}' for name in sorted(files))
    return f'{VERSION}+{hashlib.sha256(listed.encode()).hexdigest()[:12]}'


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b'=').decode()


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True
