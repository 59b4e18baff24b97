"""Runs alone in a fresh process (fresh_process.py): loads a pickle that the session's code wrote, and uses it.

It must import nothing of Tempera, so that what loads here loads anywhere with the same packages. The request is
request.json in the folder given, beside the frames that it names; the answer goes to the descriptor given. It says what
the model predicts and no more: what that is worth is judged elsewhere, where no pickle was loaded.
"""

from __future__ import annotations

import importlib.abc
import importlib.metadata
import json
import os
import re
import struct
import sys
import warnings
from pathlib import Path
from typing import Any

# Needed to read the splits and the pickles at all.
ALWAYS_ALLOWED = ('numpy', 'pandas', 'pyarrow', 'scikit-learn', 'joblib', 'scipy', 'threadpoolctl')
_LONGEST_ERROR = 2000


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


def _libraries(request: dict[str, Any]) -> list[str]:
    """The wheels that travel with the model, and those that the request names: what it brings beside packages."""
    beside = Path(request['model']).parent.glob('*-py3-none-any.whl') if request.get('model') else ()
    return [*request.get('libraries', []), *sorted(str(path) for path in beside)]


def load(path: str) -> Any:
    """The object of a pickle. Raises RuntimeError with a sentence for the agent."""
    import joblib

    try:
        return joblib.load(path)
    except ModuleNotFoundError as error:
        own = (error.name or '').partition('.')[0] == 'tempera'
        advice = (
            'Lay the library that it was made with beside it: '
            "tempera.learning.package.write_wheel(Path('train/models'))."
            if own
            else 'Build it from classes and functions of installed packages only, not of a script.'
        )
        raise RuntimeError(f'does not load in a fresh process ({error}). {advice}') from error
    except (AttributeError, ImportError) as error:
        raise RuntimeError(
            f'does not load in a fresh process ({error}). Build it from classes and functions of '
            'installed packages only, not of a script.'
        ) from error
    except Exception as error:  # a pickle may raise anything
        raise RuntimeError(
            f'does not load in a fresh process ({type(error).__name__}: {str(error)[:300]}). Save it '
            'again with joblib.dump.'
        ) from error


def transform(request: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    """Loads the pipeline and transforms raw rows, in the forms in which callers may have read them.

    {on, columns, notes}
    """
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
            return {'on': name, 'columns': shape, 'notes': notes}, []
        except Exception as error:  # the pipeline is the agent's code
            tried.append(f'{name}: {type(error).__name__}: {str(error)[:200]}')
    raise RuntimeError(
        'loads but does not transform a raw row of the upload '
        f"({tried[0] if tried else 'there is no row'}). Let it take the upload's columns by name "
        'and do all cleaning itself.'
    )


def raw_frames(request: dict[str, Any], pd: Any) -> list[tuple[str, Any]]:
    """Raw rows as texts, as pandas types them, and without the target."""
    if request.get('typed'):
        return [('rows of the upload as its plan reads them', _frame(request, 'typed'))]
    if not request.get('raw'):
        return [('a row of train', _frame(request, 'train'))] if request.get('train') else []
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
            notes.append('not_finite')
    except (TypeError, ValueError):
        notes.append('not_numbers')
    return int(dense.shape[1]), notes


def predict(request: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    """Predicts a frame in the first form that the model takes, with probabilities where it has them.

    {form, rows, labels?, classes?, probabilities_error?, notes}; behind it the predictions (numbers, or places among
    `labels`), then a row of probabilities for each, then the numbers predicted for `also`.
    """
    import numpy as np

    model, notes = load(request['model']), []
    if isinstance(model, dict):
        notes.append('dict')
        model = next((part for part in model.values() if hasattr(part, 'predict')), model)
    if not hasattr(model, 'predict'):
        raise RuntimeError(f'holds a {type(model).__name__} without predict(): save a fitted model.')
    form, frame, predicted = _first_form(model, request)
    fields: dict[str, Any] = {'form': form, 'rows': len(frame), 'notes': notes}
    if request['problem_type'] == 'regression':
        parts = [_numbers(predicted)]
    else:
        fields['labels'], places = _labels(predicted)
        parts = [places, *_probabilities(model, frame, fields)]
    if request.get('also'):
        try:
            parts.append(_numbers(np.asarray(model.predict(_frame(request, request['also']))).ravel()))
        except Exception:  # the model is the agent's code; the first predictions count without these
            fields['notes'].append('not_also')
    return fields, parts


def _first_form(model: Any, request: dict[str, Any]) -> tuple[int, Any, Any]:
    import numpy as np

    tried: list[str] = []
    for at, form in enumerate(request['forms']):
        try:
            frame = _frame(request, form['frame'])
            rows = len(frame)
            if form['transformed']:
                frame = load(request['pipeline']).transform(frame)
            predicted = np.asarray(model.predict(frame))
            return at, frame, predicted.reshape(rows, -1)[:, 0] if rows else predicted
        except Exception as error:  # the model is the agent's code
            if request['names_row']:
                raise _refused_row(model, frame, error) from error
            tried.append(f'on {form["name"]}: {type(error).__name__}: {str(error)[:200]}')
    raise RuntimeError(f'loads but does not predict {request["what"]} ({tried[0]}). {request["advice"]}')


class _RowRefusedError(RuntimeError):
    """What the model says of the first row that it refuses."""

    def __init__(self, row: int, error: Exception) -> None:
        super().__init__(f'{type(error).__name__}: {str(error)[:300]}')
        self.row = row


def _refused_row(model: Any, frame: Any, error: Exception) -> _RowRefusedError:
    """Looked for by halves."""
    low, high = 0, len(frame)
    while high - low > 1:
        middle = (low + high) // 2
        try:
            model.predict(frame.iloc[low:middle])
            low = middle
        except Exception as other:  # the model is the agent's code
            error, high = other, middle
    return _RowRefusedError(low, error)


def _frame(request: dict[str, Any], name: str) -> Any:
    import pandas as pd

    return pd.read_pickle(Path(request['folder']) / f'{name}.pkl')


def _numbers(values: Any) -> Any:
    import numpy as np

    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise RuntimeError(f'predicts something that is no number ({str(error)[:150]}).') from error


def _labels(predicted: Any) -> tuple[list[Any], list[int]]:
    """The distinct labels, and the place of each prediction among them."""
    places: dict[Any, int] = {}
    found = [places.setdefault(_plain_value(value), len(places)) for value in predicted.tolist()]
    return list(places), found


def _probabilities(model: Any, frame: Any, fields: dict[str, Any]) -> list[Any]:
    import numpy as np

    classes = getattr(model, 'classes_', None)
    if classes is None or not hasattr(model, 'predict_proba'):
        return []
    try:
        given = np.asarray(model.predict_proba(frame), dtype=float)
        names = [_plain_value(name) for name in np.asarray(classes).tolist()]
        if given.shape != (fields['rows'], len(names)):
            raise ValueError(f'predict_proba gives the shape {given.shape}')
    except Exception as error:  # the model is the agent's code
        fields['probabilities_error'] = str(error)[:150]
        return []
    fields['classes'] = names
    return [given.ravel()]


def _plain_value(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)


_MARK = b'\0tempera: the answer of a check\0'
_SIZES = struct.Struct('<QQ')


def packed(fields: dict[str, Any], parts: list[Any]) -> bytes:
    """An answer as bytes: a mark, the lengths of what follows, JSON, float64."""
    import numpy as np

    head = json.dumps(fields).encode('utf-8', 'backslashreplace')
    numbers = b''.join(np.asarray(part, dtype='<f8').tobytes() for part in parts)
    return _MARK + _SIZES.pack(len(head), len(numbers)) + head + numbers


def unpacked(data: bytes) -> tuple[dict[str, Any], bytes] | None:
    """The one answer in what was said; None when there is none, or when there are several: then none of them counts."""
    _before, mark, rest = data.partition(_MARK)
    if not mark or _MARK in rest or len(rest) < _SIZES.size:
        return None
    head_size, numbers_size = _SIZES.unpack_from(rest)
    end = _SIZES.size + head_size + numbers_size
    if end > len(rest) or numbers_size % 8:
        return None
    try:
        fields = json.loads(rest[_SIZES.size : _SIZES.size + head_size])
    except (ValueError, RecursionError):
        return None
    return (fields, rest[_SIZES.size + head_size : end]) if isinstance(fields, dict) else None


def main(folder: Path, answer: int) -> None:
    """Answers one request."""
    warnings.simplefilter('ignore')
    request = json.loads((folder / 'request.json').read_text('utf-8'))
    request['folder'] = str(folder)
    sys.path[:0] = _libraries(request)
    if request.get('requirements'):
        hiding = RequirementsOnly(Path(request['requirements']))
        sys.meta_path.insert(0, hiding)
        for name in list(sys.modules):  # imported before this process was told what it may see
            if name.partition('.')[0] in hiding.hidden:
                del sys.modules[name]
    try:
        fields, parts = {'transform': transform, 'predict': predict}[request['task']](request)
    except RuntimeError as error:
        fields, parts = {'error': str(error)[:_LONGEST_ERROR], 'row': getattr(error, 'row', None)}, []
    body = packed(fields, parts)
    while body:
        body = body[os.write(answer, body) :]


if __name__ == '__main__':
    main(Path(sys.argv[1]), int(sys.argv[2]))
