"""Runs alone in a fresh process (fresh_process.py): loads a pickle that the session's code wrote, and uses it.

It must import nothing of Tempera, so that what loads here loads anywhere with the same packages. The request is
request.json in the folder given, the answer answer.json beside it.
"""

from __future__ import annotations

import importlib.abc
import importlib.metadata
import json
import re
import sys
import warnings
from pathlib import Path
from typing import Any

# Needed to read the splits and the pickles at all.
ALWAYS_ALLOWED = ('numpy', 'pandas', 'pyarrow', 'scikit-learn', 'joblib', 'scipy', 'threadpoolctl')


class RequirementsOnly(importlib.abc.MetaPathFinder):
    """Hides installed packages that the requirements file does not bring."""

    def __init__(self, requirements: Path) -> None:
        allowed = _closure([*ALWAYS_ALLOWED, *_names(requirements.read_text('utf-8', 'replace'))])
        owners = importlib.metadata.packages_distributions()
        self.hidden = {
            module: names[0]
            for module, names in owners.items()
            if not any(_plain(name) in allowed for name in names)
        }

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> None:
        top = fullname.partition('.')[0]
        if top in self.hidden:
            raise ModuleNotFoundError(
                f'needs the package {self.hidden[top]}, which requirements.txt does not name', name=top
            )


def _plain(name: str) -> str:
    return re.sub(r'[-_.]+', '-', name).lower()


def _names(text: str) -> list[str]:
    found = (re.match(r'^\s*([A-Za-z0-9][A-Za-z0-9._-]*)', line) for line in text.splitlines())
    return [match.group(1) for match in found if match]


def _closure(names: list[str]) -> set[str]:
    """The packages and all that they require."""
    pending, found = [_plain(name) for name in names], set()
    while pending:
        name = pending.pop()
        if name in found:
            continue
        found.add(name)
        try:
            required = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        pending.extend(_plain(item) for line in required if 'extra ==' not in line for item in _names(line))
    return found


def load(path: str) -> Any:
    """The object of a pickle. Raises RuntimeError with a sentence for the agent."""
    import joblib

    try:
        return joblib.load(path)
    except (AttributeError, ModuleNotFoundError, ImportError) as error:
        raise RuntimeError(
            f'does not load in a fresh process ({error}). Build it from classes and functions of '
            'installed packages only, not of a script.'
        ) from error
    except Exception as error:  # a pickle may raise anything
        raise RuntimeError(
            f'does not load in a fresh process ({type(error).__name__}: {str(error)[:300]}). Save it '
            'again with joblib.dump.'
        ) from error


def transform(request: dict[str, Any]) -> dict[str, Any]:
    """Loads the pipeline and transforms raw rows, in the forms in which callers may have read them."""
    import pandas as pd

    pipeline = load(request['pipeline'])
    if isinstance(pipeline, dict):
        pipeline = next((part for part in pipeline.values() if hasattr(part, 'transform')), pipeline)
    if not hasattr(pipeline, 'transform'):
        raise RuntimeError(
            f'holds a {type(pipeline).__name__} without transform(): save a fitted sklearn Pipeline.'
        )
    tried: list[str] = []
    for name, frame in raw_frames(request, pd):
        try:
            shape, notes = _shape(pipeline.transform(frame), len(frame))
            return {'on': name, 'columns': shape, 'warnings': notes}
        except Exception as error:  # the pipeline is the agent's code
            tried.append(f'{name}: {type(error).__name__}: {str(error)[:200]}')
    raise RuntimeError(
        'loads but does not transform a raw row of the upload '
        f"({tried[0] if tried else 'there is no row'}). Let it take the upload's columns by name "
        'and do all cleaning itself.'
    )


def raw_frames(request: dict[str, Any], pd: Any) -> list[tuple[str, Any]]:
    """Raw rows as texts, as pandas types them, and without the target."""
    if not request.get('raw'):
        return [('a row of train', pd.read_parquet(request['train']).head(5))] if request.get('train') else []
    texts = pd.DataFrame(request['raw']['columns']).head(5)
    typed = texts.copy()
    for name in typed.columns:
        blank = typed[name].map(
            lambda cell: (
                cell is None
                or str(cell).strip().lower() in ('', '?', 'na', 'n/a', 'nan', 'null', 'none', '-')
            )
        )
        typed[name] = typed[name].mask(blank, None)
        if name in request['raw']['numbers']:
            typed[name] = pd.to_numeric(typed[name], errors='coerce')
    frames = [('raw rows', typed), ('raw rows of text', texts)]
    target = request.get('target')
    if target in typed.columns:
        frames += [
            ('raw rows without the target', typed.drop(columns=target)),
            ('raw rows of text without the target', texts.drop(columns=target)),
        ]
    return frames


def _shape(matrix: Any, rows: int) -> tuple[int, list[str]]:
    import numpy as np

    dense = matrix.toarray() if hasattr(matrix, 'toarray') else np.asarray(matrix)
    if dense.ndim != 2 or dense.shape[0] != rows:
        raise ValueError(f'it gives the shape {dense.shape} for {rows} rows')
    notes = []
    try:
        if not np.isfinite(dense.astype(float)).all():
            notes.append(
                'prep_pipeline.pkl leaves missing or infinite values in transformed raw rows; not every '
                'model takes them.'
            )
    except (TypeError, ValueError):
        notes.append('prep_pipeline.pkl gives columns that are not numbers.')
    return int(dense.shape[1]), notes


def evaluate(request: dict[str, Any]) -> dict[str, Any]:
    """Loads the model, predicts the test split, and computes its metrics and the dummy's."""
    sys.path.insert(0, str(Path(__file__).parent))
    import model_metrics

    model, notes = load(request['model']), []
    if isinstance(model, dict):
        notes.append(
            'model.pkl holds a dict; its first part with predict() was used. Save the fitted model itself.'
        )
        model = next((part for part in model.values() if hasattr(part, 'predict')), model)
    if not hasattr(model, 'predict'):
        raise RuntimeError(f'holds a {type(model).__name__} without predict(): save a fitted model.')
    pipeline = (
        load(request['pipeline']) if request.get('pipeline') and Path(request['pipeline']).is_file() else None
    )
    found: dict[str, Any] = model_metrics.evaluate(model, pipeline, request, notes)
    return found


def main(folder: Path) -> None:
    """Answers one request."""
    warnings.simplefilter('ignore')
    request = json.loads((folder / 'request.json').read_text('utf-8'))
    if request.get('requirements'):
        hiding = RequirementsOnly(Path(request['requirements']))
        sys.meta_path.insert(0, hiding)
        for name in list(sys.modules):  # imported before this process was told what it may see
            if name.partition('.')[0] in hiding.hidden:
                del sys.modules[name]
    try:
        answer = {'transform': transform, 'evaluate': evaluate}[request['task']](request)
    except RuntimeError as error:
        answer = {'error': str(error)}
    (folder / 'answer.json').write_text(json.dumps(answer), 'utf-8')


if __name__ == '__main__':
    main(Path(sys.argv[1]))
